//! Reads captures, builds every event and drops it: the sensor alone, for profiling.
//! `cargo run --release --example discard -- [--flows] FILE…`; with --flows no protocol is recognised.

use std::io::Write as _;
use std::path::Path;

use vonggac_core::engine::{Engine, EngineSettings};
use vonggac_core::protocols;
use vonggac_core::sources::Capture;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout();
    let (flags, files): (Vec<_>, Vec<_>) = std::env::args().skip(1).partition(|word| word == "--flows");
    for file in files {
        let mut capture = Capture::open(Path::new(&file))?;
        let settings = EngineSettings {
            observer: "bench".into(),
            source: file.clone(),
            file_limit: 16 << 20,
            md5: true,
            sha1: true,
            keep_files: false,
            max_flows: 262_144,
        };
        let registry = if flags.is_empty() { protocols::ALL } else { &[] };
        let mut engine = Engine::with_registry(settings, registry);
        let mut rows = 0;
        while let Some(frame) = capture.next_frame()? {
            engine.frame(&frame);
            if engine.rows() >= 8_192 {
                rows += engine.take().iter().map(|(_, batch)| batch.num_rows()).sum::<usize>();
            }
        }
        engine.finish();
        for (dataset, batch) in engine.take() {
            rows += batch.num_rows();
            writeln!(out, "{dataset} {}", batch.num_rows())?;
        }
        writeln!(out, "{file}: {rows} rows")?;
        for (name, value) in engine.counters() {
            writeln!(out, "  {name} {value}")?;
        }
    }
    Ok(())
}
