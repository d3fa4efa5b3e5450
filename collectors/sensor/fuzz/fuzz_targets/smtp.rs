#![no_main]

use vonggac_core::protocols::smtp::SMTP;
use vonggac_core::testing::Harness;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let mut harness = Harness::new((SMTP.decoder)()).keep_files();
    harness.script(bytes);
    harness.contents();
    assert_eq!(harness.held(), 0, "a file was left open");
});
