//! Windows programs (Microsoft PE and COFF specification): header, sections, imports, version.

use md5::{Digest as _, Md5};

use super::super::content::{count, entropy};
use super::bytes::{at, long, short, u16_at, u32_at, u64_at, zero_ended};
use crate::text::{hex, lossless, utf16};

/// Sections read: the loader takes at most 96.
const SECTIONS_MAX: usize = 96;
/// Libraries and functions of the import table: large programs have some thousands.
const LIBRARIES_MAX: usize = 512;
const FUNCTIONS_MAX: usize = 16_384;
/// Longest name of a library or function.
const NAME_MAX: usize = 512;
/// Longest original name.
const ORIGINAL_MAX: usize = 260;

/// Facts of a program.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in super::super) struct Pe {
    pub(in super::super) architecture: String,
    /// Seconds since 1970, as the header says.
    pub(in super::super) compiled: i64,
    pub(in super::super) sections: Vec<String>,
    pub(in super::super) section_count: i64,
    /// Of the section that holds the entry point, bits a byte.
    pub(in super::super) entry_entropy: Option<f64>,
    pub(in super::super) signed: bool,
    pub(in super::super) dotnet: bool,
    pub(in super::super) library: bool,
    pub(in super::super) imphash: Option<String>,
    pub(in super::super) original_name: Option<String>,
}

struct Section {
    name: String,
    address: usize,
    virtual_size: usize,
    place: usize,
    size: usize,
}

struct Image<'a> {
    bytes: &'a [u8],
    sections: Vec<Section>,
    wide: bool,
    directories: usize,
    directory_count: usize,
}

/// Reads a program; `None` where even the header is broken.
pub(super) fn read(bytes: &[u8]) -> Option<Pe> {
    let header = long(bytes, 60)?;
    if at(bytes, header, 4)? != b"PE\0\0" {
        return None;
    }
    let coff = header.checked_add(4)?;
    let optional = coff.checked_add(20)?;
    let wide = u16_at(bytes, optional)? == 0x20b;
    let directories = optional + if wide { 112 } else { 96 };
    let section_count = short(bytes, coff + 2)?;
    let table = optional + short(bytes, coff + 16)?;
    let image = Image {
        bytes,
        sections: (0..section_count.min(SECTIONS_MAX))
            .map_while(|n| section(bytes, table + n * 40))
            .collect(),
        wide,
        directories,
        directory_count: long(bytes, directories - 4).unwrap_or(0),
    };
    let flags = u16_at(bytes, coff + 18)?;
    Some(Pe {
        architecture: architecture(u16_at(bytes, coff)?),
        compiled: i64::from(u32_at(bytes, coff + 4)?),
        section_count: i64::try_from(section_count).unwrap_or(0),
        entry_entropy: long(bytes, optional + 16).and_then(|entry| image.entropy_at(entry)),
        signed: image.directory(4).is_some(),
        dotnet: image.directory(14).is_some(),
        library: flags & 0x2000 != 0,
        imphash: image.imphash(),
        original_name: image.original_name(),
        sections: image.sections.into_iter().map(|section| section.name).collect(),
    })
}

fn section(bytes: &[u8], offset: usize) -> Option<Section> {
    Some(Section {
        name: lossless(zero_ended(at(bytes, offset, 40)?, 0, 8)?).into_owned(),
        virtual_size: long(bytes, offset + 8)?,
        address: long(bytes, offset + 12)?,
        size: long(bytes, offset + 16)?,
        place: long(bytes, offset + 20)?,
    })
}

fn architecture(machine: u16) -> String {
    let known = match machine {
        0x014c => "x86",
        0x8664 => "x64",
        0x01c0 | 0x01c4 => "arm",
        0xaa64 => "arm64",
        0x0200 => "ia64",
        _ => return format!("0x{machine:04x}"),
    };
    known.to_owned()
}

impl Image<'_> {
    /// Address (for certificates: place) and size of a data directory that is there.
    fn directory(&self, number: usize) -> Option<(usize, usize)> {
        let entry = self.directories + number * 8;
        let found = (long(self.bytes, entry)?, long(self.bytes, entry + 4)?);
        (number < self.directory_count && found.0 > 0 && found.1 > 0).then_some(found)
    }

    fn section_of(&self, address: usize) -> Option<&Section> {
        self.sections.iter().find(|section| {
            address
                .checked_sub(section.address)
                .is_some_and(|within| within < section.virtual_size.max(section.size))
        })
    }

    fn place(&self, address: usize) -> Option<usize> {
        let Some(section) = self.section_of(address) else { return Some(address) };
        section.place.checked_add(address - section.address)
    }

    fn held(&self, section: &Section) -> &[u8] {
        let rest = self.bytes.get(section.place..).unwrap_or(&[]);
        &rest[..rest.len().min(section.size)]
    }

    /// Only of a section that is there whole.
    fn entropy_at(&self, address: usize) -> Option<f64> {
        let section = self.section_of(address)?;
        let held = self.held(section);
        if held.len() < section.size {
            return None;
        }
        let mut counts = [0; 256];
        count(&mut counts, held);
        entropy(&counts)
    }

    /// MD5 over `library.function` in the order of the table; `None` where a part of the table is not there, or an
    /// ordinal has a name in other tools' tables that is not known here.
    fn imphash(&self) -> Option<String> {
        let mut entry = self.place(self.directory(1)?.0)?;
        let mut hash = Md5::new();
        let mut functions = 0;
        for _ in 0..LIBRARIES_MAX {
            let descriptor = at(self.bytes, entry, 20)?;
            let name = long(descriptor, 12)?;
            if name == 0 {
                break;
            }
            let library = zero_ended(self.bytes, self.place(name)?, NAME_MAX)?.to_ascii_lowercase();
            let thunks = long(descriptor, 0).filter(|&table| table > 0).or(long(descriptor, 16))?;
            self.functions(&library, thunks, &mut hash, &mut functions)?;
            entry += 20;
        }
        (functions > 0).then(|| hex(&hash.finalize()))
    }

    fn functions(&self, library: &[u8], thunks: usize, hash: &mut Md5, done: &mut usize) -> Option<()> {
        let stem = [&b".dll"[..], b".ocx", b".sys"]
            .into_iter()
            .find_map(|end| library.strip_suffix(end))
            .unwrap_or(library);
        let mut place = self.place(thunks)?;
        loop {
            let (value, ordinal, size) = if self.wide {
                let value = u64_at(self.bytes, place)?;
                (value & 0x7fff_ffff_ffff_ffff, value >> 63 == 1, 8)
            } else {
                let value = u64::from(u32_at(self.bytes, place)?);
                (value & 0x7fff_ffff, value >> 31 == 1, 4)
            };
            if value == 0 && !ordinal {
                return Some(());
            }
            let name = if ordinal {
                ordinal_name(library, value & 0xffff)?.to_ascii_lowercase().into_bytes()
            } else {
                let place = self.place(usize::try_from(value).ok()?)?.checked_add(2)?;
                zero_ended(self.bytes, place, NAME_MAX)?.to_ascii_lowercase()
            };
            if *done > 0 {
                hash.update(b",");
            }
            hash.update(stem);
            hash.update(b".");
            hash.update(&name);
            *done += 1;
            place += size;
            if *done > FUNCTIONS_MAX {
                return None;
            }
        }
    }

    /// `OriginalFilename` of the version resource.
    fn original_name(&self) -> Option<String> {
        const KEY: &[u8] = b"O\0r\0i\0g\0i\0n\0a\0l\0F\0i\0l\0e\0n\0a\0m\0e\0\0\0";
        let resources = self.held(self.section_of(self.directory(2)?.0)?);
        let key = memchr::memmem::find(resources, KEY)?;
        let value = resources.get(key + KEY.len()..)?;
        let value = value.strip_prefix(b"\0\0").unwrap_or(value);
        let value = &value[..value.len().min(ORIGINAL_MAX * 2)];
        let end = value.chunks(2).position(|unit| unit == [0, 0]).map_or(value.len(), |units| units * 2);
        Some(utf16(&value[..end])).filter(|name| !name.is_empty())
    }
}

/// Sockets and strings are imported by number; the usual tables name them.
fn ordinal_name(library: &[u8], ordinal: u64) -> Option<String> {
    const SOCKETS: [&str; 23] = [
        "accept",
        "bind",
        "closesocket",
        "connect",
        "getpeername",
        "getsockname",
        "getsockopt",
        "htonl",
        "htons",
        "ioctlsocket",
        "inet_addr",
        "inet_ntoa",
        "listen",
        "ntohl",
        "ntohs",
        "recv",
        "recvfrom",
        "select",
        "send",
        "sendto",
        "setsockopt",
        "shutdown",
        "socket",
    ];
    const STRINGS: [&str; 11] = [
        "SysAllocString",
        "SysReAllocString",
        "SysAllocStringLen",
        "SysReAllocStringLen",
        "SysFreeString",
        "SysStringLen",
        "VariantInit",
        "VariantClear",
        "VariantCopy",
        "VariantCopyInd",
        "VariantChangeType",
    ];
    let index = usize::try_from(ordinal).ok()?;
    let known = match library {
        b"ws2_32.dll" | b"wsock32.dll" => match ordinal {
            1..=23 => *SOCKETS.get(index - 1)?,
            51 => "gethostbyaddr",
            52 => "gethostbyname",
            57 => "gethostname",
            111 => "WSAGetLastError",
            112 => "WSASetLastError",
            115 => "WSAStartup",
            116 => "WSACleanup",
            151 => "__WSAFDIsSet",
            _ => return None,
        },
        b"oleaut32.dll" => *STRINGS.get(index.checked_sub(2)?)?,
        _ => return Some(format!("ord{ordinal}")),
    };
    Some(known.to_owned())
}
