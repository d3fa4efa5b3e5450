//! Why calls and agreements fail.

/// Statuses with which log-ins fail: access denied, logon failure, errors of the security package, no such level,
/// wrong checksum.
pub const DENIED: [u32; 5] = [0x0000_0005, 0x0000_052e, 0x0000_0721, 0x1c00_001d, 0x1c00_001f];

/// Name of a status (C706 appendix E; MS-RPCE §2.2.2.8 names those of Windows).
#[must_use]
pub fn name(status: u32) -> String {
    let name = match status {
        0x0000_0005 => "access_denied",
        0x0000_052e => "logon_failure",
        0x0000_06c6 => "invalid_bound",
        0x0000_06d1 => "procnum_out_of_range",
        0x0000_06f7 => "bad_stub_data",
        0x0000_0721 => "sec_pkg_error",
        0x1c00_0001 => "nca_s_fault_int_div_by_zero",
        0x1c00_0002 => "nca_s_fault_addr_error",
        0x1c00_0009 => "nca_s_fault_invalid_tag",
        0x1c00_000a => "nca_s_fault_invalid_bound",
        0x1c00_000d => "nca_s_fault_cancel",
        0x1c00_0012 => "nca_s_fault_unspec",
        0x1c00_001a => "nca_s_fault_context_mismatch",
        0x1c00_001b => "nca_s_fault_remote_no_memory",
        0x1c00_001d => "nca_s_unsupported_authn_level",
        0x1c00_001f => "nca_s_invalid_checksum",
        0x1c01_0002 => "nca_s_op_rng_error",
        0x1c01_0003 => "nca_s_unk_if",
        0x1c01_0006 => "nca_s_wrong_boot_time",
        0x1c01_000b => "nca_s_proto_error",
        0x1c01_0013 => "nca_s_out_args_too_big",
        0x1c01_0014 => "nca_s_server_too_busy",
        0x1c01_0015 => "nca_s_fault_string_too_long",
        0x1c01_0017 => "nca_s_unsupported_type",
        _ => return format!("0x{status:08x}"),
    };
    name.to_owned()
}

/// Why a bind was refused (C706 §12.6.3.1, MS-RPCE §2.2.2.5).
#[must_use]
pub fn refusal(reason: u16) -> String {
    let name = match reason {
        0 => "reason_not_specified",
        1 => "temporary_congestion",
        2 => "local_limit_exceeded",
        3 => "called_paddr_unknown",
        4 => "protocol_version_not_supported",
        5 => "default_context_not_supported",
        6 => "user_data_not_readable",
        7 => "no_psap_available",
        8 => "authentication_type_not_recognized",
        9 => "invalid_checksum",
        _ => return reason.to_string(),
    };
    name.to_owned()
}
