//! Frames through the whole engine: see `vonggac_core::testing::fuzz`.
#![no_main]

<<<<<<< HEAD
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vonggac_core::testing::fuzz::frames(bytes));
=======
use libfuzzer_sys::fuzz_target;
use vonggac_core::frame::{Frame, Link};
use vonggac_core::testing::{counter, engine};
use vonggac_core::time::Micros;

fuzz_target!(|frames: Vec<(u8, u32, &[u8])>| {
    let mut engine = engine();
    let mut time = 0_i64;
    for (link, wait, bytes) in &frames {
        let link = match link % 8 {
            0 => Link::Ethernet,
            1 => Link::LinuxSll,
            2 => Link::LinuxSll2,
            3 => Link::RawIp,
            4 => Link::Null,
            5 => Link::CiscoHdlc,
            6 => Link::Ppp,
            _ => Link::Loop,
        };
        time += i64::from(*wait);
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        engine.frame(&Frame { time: Micros(time), link, bytes, length });
    }
    engine.finish();
    let parts = ["packets.decoded", "packets.dropped", "packets.malformed"];
    let sum: u64 = parts.iter().map(|name| counter(&engine, name)).sum();
    assert_eq!(counter(&engine, "packets.seen"), sum);
});
>>>>>>> local
