//! Names of the numbers in the messages, as MS-SMB2, MS-CIFS and MS-FSCC write them.

/// Commands of SMB 2 and 3 (MS-SMB2 §2.2.1).
pub const COMMANDS: [&str; 19] = [
    "NEGOTIATE",
    "SESSION_SETUP",
    "LOGOFF",
    "TREE_CONNECT",
    "TREE_DISCONNECT",
    "CREATE",
    "CLOSE",
    "FLUSH",
    "READ",
    "WRITE",
    "LOCK",
    "IOCTL",
    "CANCEL",
    "ECHO",
    "QUERY_DIRECTORY",
    "CHANGE_NOTIFY",
    "QUERY_INFO",
    "SET_INFO",
    "OPLOCK_BREAK",
];

/// What a create does if the file is there or not (MS-SMB2 §2.2.13).
const DISPOSITIONS: [&str; 6] = ["SUPERSEDE", "OPEN", "CREATE", "OPEN_IF", "OVERWRITE", "OVERWRITE_IF"];

/// Bits of an access mask (MS-SMB2 §2.2.13.1).
const ACCESS: [(u32, &str); 18] = [
    (0x0000_0001, "READ_DATA"),
    (0x0000_0002, "WRITE_DATA"),
    (0x0000_0004, "APPEND_DATA"),
    (0x0000_0008, "READ_EA"),
    (0x0000_0010, "WRITE_EA"),
    (0x0000_0020, "EXECUTE"),
    (0x0000_0040, "DELETE_CHILD"),
    (0x0000_0080, "READ_ATTRIBUTES"),
    (0x0000_0100, "WRITE_ATTRIBUTES"),
    (0x0001_0000, "DELETE"),
    (0x0002_0000, "READ_CONTROL"),
    (0x0004_0000, "WRITE_DAC"),
    (0x0008_0000, "WRITE_OWNER"),
    (0x0200_0000, "MAXIMUM_ALLOWED"),
    (0x1000_0000, "GENERIC_ALL"),
    (0x2000_0000, "GENERIC_EXECUTE"),
    (0x4000_0000, "GENERIC_WRITE"),
    (0x8000_0000, "GENERIC_READ"),
];

/// Create options that tell something (MS-SMB2 §2.2.13).
const OPTIONS: [(u32, &str); 7] = [
    (0x0000_0001, "DIRECTORY_FILE"),
    (0x0000_0002, "WRITE_THROUGH"),
    (0x0000_0008, "NO_INTERMEDIATE_BUFFERING"),
    (0x0000_0040, "NON_DIRECTORY_FILE"),
    (0x0000_1000, "DELETE_ON_CLOSE"),
    (0x0000_4000, "OPEN_FOR_BACKUP_INTENT"),
    (0x0020_0000, "OPEN_REPARSE_POINT"),
];

/// Control codes (MS-FSCC §2.3, MS-SMB2 §2.2.31).
const CONTROLS: [(u32, &str); 17] = [
    (0x0006_0194, "FSCTL_DFS_GET_REFERRALS"),
    (0x0006_01b0, "FSCTL_DFS_GET_REFERRALS_EX"),
    (0x0009_0028, "FSCTL_REQUEST_OPLOCK"),
    (0x0009_00a4, "FSCTL_SET_REPARSE_POINT"),
    (0x0009_00a8, "FSCTL_GET_REPARSE_POINT"),
    (0x0009_00c0, "FSCTL_CREATE_OR_GET_OBJECT_ID"),
    (0x0009_8208, "FSCTL_FILE_LEVEL_TRIM"),
    (0x0011_400c, "FSCTL_PIPE_PEEK"),
    (0x0011_0018, "FSCTL_PIPE_WAIT"),
    (PIPE_TRANSCEIVE, "FSCTL_PIPE_TRANSCEIVE"),
    (0x0014_0078, "FSCTL_SRV_REQUEST_RESUME_KEY"),
    (0x0014_0204, "FSCTL_VALIDATE_NEGOTIATE_INFO"),
    (0x0014_01bb, "FSCTL_SRV_READ_HASH"),
    (0x0014_01d4, "FSCTL_LMR_REQUEST_RESILIENCY"),
    (0x0014_01fc, "FSCTL_QUERY_NETWORK_INTERFACE_INFO"),
    (0x0014_40f2, "FSCTL_SRV_COPYCHUNK"),
    (0x0014_4064, "FSCTL_SRV_ENUMERATE_SNAPSHOTS"),
];

/// Writes to a pipe and reads its answer in one.
pub const PIPE_TRANSCEIVE: u32 = 0x0011_c017;

/// Dialects of SMB 2 and 3 as people call them (MS-SMB2 §2.2.4); `2.???` asks for another round.
pub fn dialect(revision: u16) -> String {
    match revision {
        0x0202 => "2.0.2".to_owned(),
        0x0210 => "2.1".to_owned(),
        0x02ff => "2.???".to_owned(),
        0x0300 => "3.0".to_owned(),
        0x0302 => "3.0.2".to_owned(),
        0x0311 => "3.1.1".to_owned(),
        other => format!("0x{other:04x}"),
    }
}

/// Ciphers of SMB 3 (MS-SMB2 §2.2.3.1.2).
pub fn cipher(number: u16) -> Option<&'static str> {
    Some(match number {
        1 => "AES-128-CCM",
        2 => "AES-128-GCM",
        3 => "AES-256-CCM",
        4 => "AES-256-GCM",
        _ => return None,
    })
}

/// What a share is (MS-SMB2 §2.2.10).
pub fn share_type(number: u8) -> Option<&'static str> {
    Some(match number {
        1 => "disk",
        2 => "pipe",
        3 => "print",
        _ => return None,
    })
}

/// Name of a create disposition.
pub fn disposition(number: u32) -> Option<&'static str> {
    DISPOSITIONS.get(usize::try_from(number).ok()?).copied()
}

/// Names of the bits of an access mask.
pub fn access(mask: u32) -> Vec<String> {
    bits(&ACCESS, mask)
}

/// Names of create options.
pub fn options(mask: u32) -> Vec<String> {
    bits(&OPTIONS, mask)
}

fn bits(names: &[(u32, &'static str)], mask: u32) -> Vec<String> {
    names.iter().filter(|(bit, _)| mask & bit != 0).map(|(_, name)| (*name).to_owned()).collect()
}

/// Name of a control code; unknown ones by number.
pub fn control(code: u32) -> String {
    match CONTROLS.iter().find(|(known, _)| *known == code) {
        Some((_, name)) => (*name).to_owned(),
        None => format!("0x{code:08x}"),
    }
}
