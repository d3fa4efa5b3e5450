//! Arbitrary TCP segments of one connection: recognition, reassembly and every decoder behind them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vonggac_core::testing::engine;
use vonggac_core::testing::packets::{Connection, give, play, tcp};

fuzz_target!(|segments: Vec<(bool, u8, u16, u16, &[u8])>| {
    let mut engine = engine();
    let mut connection = Connection::to_port(80);
    play(&mut engine, &connection.open());
    let mut time = connection.time;
    for (to_server, flags, offset, wait, payload) in &segments {
        let (client, server) = connection.ends;
        let (ends, base) = if *to_server { ((client, server), 1_001) } else { ((server, client), 5_001) };
        let payload = &payload[..payload.len().min(1_460)];
        let bytes = tcp(*to_server, ends, *flags, (base + u32::from(*offset), 0), payload);
        time += i64::from(*wait) * 1_000;
        give(&mut engine, time, &bytes);
    }
    engine.finish();
});
