#![no_main]

use vonggac_core::protocols::pop3::POP3;
use vonggac_core::testing::Harness;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut harness = Harness::new((POP3.decoder)()).keep_files();
    harness.script(bytes);
    harness.contents();
    assert_eq!(harness.held(), 0, "a file was left open");
});
