//! Segments of one TCP connection: see `vonggac_core::testing::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vonggac_core::testing::fuzz::connection(bytes));
