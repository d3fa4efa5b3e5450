//! The content of one file, typed, hashed and opened: see `vonggac_core::testing::fuzz`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| vonggac_core::testing::fuzz::file(bytes));
