#![no_main]

use vonggac_core::protocols::dns;
use vonggac_core::testing::Harness;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    Harness::datagrams((dns::UDP.decoder)(), 53).script(bytes);
    Harness::new((dns::TCP.decoder)()).script(bytes);
});
