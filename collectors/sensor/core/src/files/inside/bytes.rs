//! Numbers and slices at places that the file itself names.

pub(super) fn at(bytes: &[u8], offset: usize, length: usize) -> Option<&[u8]> {
    bytes.get(offset..offset.checked_add(length)?)
}

pub(super) fn u16_at(bytes: &[u8], offset: usize) -> Option<u16> {
    at(bytes, offset, 2)?.try_into().ok().map(u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], offset: usize) -> Option<u32> {
    at(bytes, offset, 4)?.try_into().ok().map(u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], offset: usize) -> Option<u64> {
    at(bytes, offset, 8)?.try_into().ok().map(u64::from_le_bytes)
}

/// A 16-bit number as a length or place.
pub(super) fn short(bytes: &[u8], offset: usize) -> Option<usize> {
    u16_at(bytes, offset).map(usize::from)
}

/// A 32-bit number as a length or place.
pub(super) fn long(bytes: &[u8], offset: usize) -> Option<usize> {
    usize::try_from(u32_at(bytes, offset)?).ok()
}

/// What stands from `offset` to the next zero byte, at most `most` bytes.
pub(super) fn zero_ended(bytes: &[u8], offset: usize, most: usize) -> Option<&[u8]> {
    let rest = bytes.get(offset..)?;
    let rest = &rest[..rest.len().min(most)];
    Some(&rest[..memchr::memchr(0, rest).unwrap_or(rest.len())])
}
