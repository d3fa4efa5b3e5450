#![no_main]

use vonggac_core::protocols::dhcp;
use vonggac_core::testing::Harness;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| Harness::datagrams((dhcp::UDP.decoder)(), 67).script(bytes));
