//! First bytes before every recogniser: see `vonggac_core::testing::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vonggac_core::testing::fuzz::opening(bytes));
