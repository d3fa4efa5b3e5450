#![no_main]

use vonggac_core::protocols::tls;
use vonggac_core::testing::Harness;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| Harness::new((tls::TCP.decoder)()).script(bytes));
