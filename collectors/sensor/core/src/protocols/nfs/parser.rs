//! Calls and replies.

/// The program.
const NFS: u32 = 100_003;

/// Credentials of a UNIX user.
const AUTH_SYS: u32 = 1;

/// Bytes of a call up to the kind of its credentials.
pub const CALL_BYTES: usize = 28;

const VERSION_2: [&str; 18] = [
    "NULL",
    "GETATTR",
    "SETATTR",
    "ROOT",
    "LOOKUP",
    "READLINK",
    "READ",
    "WRITECACHE",
    "WRITE",
    "CREATE",
    "REMOVE",
    "RENAME",
    "LINK",
    "SYMLINK",
    "MKDIR",
    "RMDIR",
    "READDIR",
    "STATFS",
];
const VERSION_3: [&str; 22] = [
    "NULL",
    "GETATTR",
    "SETATTR",
    "LOOKUP",
    "ACCESS",
    "READLINK",
    "READ",
    "WRITE",
    "CREATE",
    "MKDIR",
    "SYMLINK",
    "MKNOD",
    "REMOVE",
    "RMDIR",
    "RENAME",
    "LINK",
    "READDIR",
    "READDIRPLUS",
    "FSSTAT",
    "FSINFO",
    "PATHCONF",
    "COMMIT",
];
const VERSION_4: [&str; 2] = ["NULL", "COMPOUND"];

/// Procedures that are told one by one: those that change names or ask for the whole of a share.
const TOLD: [&str; 13] = [
    "CREATE", "REMOVE", "RENAME", "LINK", "SYMLINK", "MKDIR", "RMDIR", "MKNOD", "STATFS", "FSSTAT", "FSINFO",
    "LOOKUP", "SETATTR",
];

/// A call.
#[derive(Debug, PartialEq, Eq)]
pub struct Call<'a> {
    /// Pairs call and reply.
    pub id: u32,
    /// Version.
    pub version: u32,
    /// Name of the procedure.
    pub procedure: &'static str,
    /// Machine and user, as the client says.
    pub user: Option<(&'a [u8], u32)>,
    arguments: &'a [u8],
}

/// Reads from the front in units of four bytes (XDR, RFC 4506).
#[derive(Clone, Copy)]
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<u32> {
        let (number, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_be_bytes(*number))
    }

    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let bytes = self.0.get(..length)?;
        self.0 = self.0.get(length.next_multiple_of(4)..)?;
        Some(bytes)
    }

    fn opaque(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok().filter(|length| *length <= 1 << 16)?;
        self.bytes(length)
    }
}

/// Reads a call of NFS; its arguments may be cut.
#[must_use]
pub fn call(bytes: &[u8]) -> Option<Call<'_>> {
    let mut reader = Reader(bytes);
    let (id, kind, rpc) = (reader.number()?, reader.number()?, reader.number()?);
    let (program, version, procedure) = (reader.number()?, reader.number()?, reader.number()?);
    if (kind, rpc, program) != (0, 2, NFS) {
        return None;
    }
    let number = usize::try_from(procedure).ok()?;
    let procedure = match version {
        2 => VERSION_2.get(number),
        3 => VERSION_3.get(number),
        4 => VERSION_4.get(number),
        _ => None,
    }?;
    let flavour = reader.number()?;
    let (mut user, mut arguments) = (None, &[][..]);
    if let Some(credentials) = reader.opaque() {
        user = (flavour == AUTH_SYS).then(|| system(credentials)).flatten();
        if reader.number().is_some() && reader.opaque().is_some() {
            arguments = reader.0;
        }
    }
    Some(Call { id, version, procedure, user, arguments })
}

fn system(credentials: &[u8]) -> Option<(&[u8], u32)> {
    let mut reader = Reader(credentials);
    reader.number()?;
    let machine = reader.opaque()?;
    Some((machine, reader.number()?))
}

impl<'a> Call<'a> {
    /// Whether it is told, or only counted.
    #[must_use]
    pub fn is_told(&self) -> bool {
        TOLD.contains(&self.procedure)
    }

    /// The name that it is about, and the new one.
    #[must_use]
    pub fn names(&self) -> (Option<&'a [u8]>, Option<&'a [u8]>) {
        let mut reader = Reader(self.arguments);
        match self.procedure {
            "LOOKUP" | "CREATE" | "REMOVE" | "MKDIR" | "RMDIR" | "SYMLINK" | "MKNOD" => {
                (self.name(&mut reader), None)
            }
            "RENAME" => (self.name(&mut reader), self.name(&mut reader)),
            _ => (None, None),
        }
    }

    /// A directory's handle and a name in it.
    fn name(&self, reader: &mut Reader<'a>) -> Option<&'a [u8]> {
        if self.version == 2 { reader.bytes(32) } else { reader.opaque() }?;
        reader.opaque()
    }
}

/// Whose reply this is, and its status; `None` when the server did not carry it out.
#[must_use]
pub fn reply(bytes: &[u8]) -> Option<(u32, Option<u32>)> {
    let mut reader = Reader(bytes);
    let (id, kind, denied) = (reader.number()?, reader.number()?, reader.number()?);
    if kind != 1 || denied > 1 {
        return None;
    }
    let mut status = || {
        reader.number()?;
        reader.opaque()?;
        let accepted = reader.number()?;
        reader.number().filter(|_| accepted == 0)
    };
    Some((id, if denied == 0 { status() } else { None }))
}

/// Name of a status (RFC 1813 §2.6).
#[must_use]
pub fn status(code: u32) -> String {
    let name = match code {
        0 => "OK",
        1 => "ERR_PERM",
        2 => "ERR_NOENT",
        5 => "ERR_IO",
        13 => "ERR_ACCES",
        17 => "ERR_EXIST",
        20 => "ERR_NOTDIR",
        21 => "ERR_ISDIR",
        28 => "ERR_NOSPC",
        30 => "ERR_ROFS",
        63 => "ERR_NAMETOOLONG",
        66 => "ERR_NOTEMPTY",
        70 => "ERR_STALE",
        _ => return code.to_string(),
    };
    name.to_owned()
}
