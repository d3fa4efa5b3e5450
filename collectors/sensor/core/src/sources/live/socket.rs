//! The system calls of live capture, each behind a safe function.

use std::ffi::{CString, c_int};
use std::io;
use std::mem::size_of;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::time::Duration;

/// A packet socket that receives nothing yet: it gets its protocol when it is bound, after its filter.
pub(super) fn packet_socket() -> io::Result<OwnedFd> {
    // SAFETY: no memory is handed over.
    let fd = check(unsafe { libc::socket(libc::AF_PACKET, libc::SOCK_RAW | libc::SOCK_CLOEXEC, 0) })?;
    // SAFETY: the kernel has just made this descriptor and nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(fd) })
}

/// Sets an option to a plain value.
pub(super) fn set<T: Copy>(socket: &OwnedFd, level: c_int, name: c_int, value: &T) -> io::Result<()> {
    // SAFETY: the kernel reads `size_of::<T>()` bytes of `value`, which lives through the call.
    check(unsafe {
        libc::setsockopt(socket.as_raw_fd(), level, name, std::ptr::from_ref(value).cast(), length::<T>())
    })
    .map(drop)
}

/// Reads an option into a plain value; `value` says the type and what is left where the kernel writes less.
pub(super) fn get<T: Copy>(socket: &OwnedFd, level: c_int, name: c_int, mut value: T) -> io::Result<T> {
    let mut size = length::<T>();
    // SAFETY: the kernel writes at most `size` bytes into `value`, whose types here are plain integers.
    check(unsafe {
        let place = std::ptr::from_mut(&mut value).cast();
        libc::getsockopt(socket.as_raw_fd(), level, name, place, &raw mut size)
    })?;
    Ok(value)
}

/// Fails with the error that waits on the socket, if one does.
pub(super) fn pending_error(socket: &OwnedFd) -> io::Result<()> {
    match get::<c_int>(socket, libc::SOL_SOCKET, libc::SO_ERROR, 0)? {
        0 => Ok(()),
        code => Err(io::Error::from_raw_os_error(code)),
    }
}

/// Puts a filter program before the socket.
pub(super) fn attach(socket: &OwnedFd, program: &[libc::sock_filter]) -> io::Result<()> {
    let len = u16::try_from(program.len()).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
    let program = libc::sock_fprog { len, filter: program.as_ptr().cast_mut() };
    // The kernel copies the program during the call and does not write to it.
    set(socket, libc::SOL_SOCKET, libc::SO_ATTACH_FILTER, &program)
}

/// Starts receiving from one interface.
pub(super) fn bind(socket: &OwnedFd, index: c_int) -> io::Result<()> {
    let every_protocol = u16::try_from(libc::ETH_P_ALL).unwrap_or_default().to_be();
    let address = libc::sockaddr_ll {
        sll_family: u16::try_from(libc::AF_PACKET).unwrap_or_default(),
        sll_protocol: every_protocol,
        sll_ifindex: index,
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 0,
        sll_addr: [0; 8],
    };
    // SAFETY: `address` is a sockaddr_ll of the length given and lives through the call.
    check(unsafe {
        let place = std::ptr::from_ref(&address).cast();
        libc::bind(socket.as_raw_fd(), place, length::<libc::sockaddr_ll>())
    })
    .map(drop)
}

/// The kernel's number of an interface; ENODEV where there is none of that name.
pub(super) fn interface_index(name: &str) -> io::Result<c_int> {
    let name = CString::new(name)?;
    // SAFETY: `name` ends with a zero byte.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => Err(io::Error::from_raw_os_error(libc::ENODEV)),
        index => c_int::try_from(index).map_err(io::Error::other),
    }
}

/// ARPHRD_ type of an interface: how its frames begin.
pub(super) fn hardware_type(socket: &OwnedFd, name: &str) -> io::Result<u16> {
    // SAFETY: a structure of integers, for which zero bytes are valid.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    if name.len() >= request.ifr_name.len() {
        return Err(io::Error::from_raw_os_error(libc::ENODEV));
    }
    for (place, byte) in request.ifr_name.iter_mut().zip(name.bytes()) {
        *place = byte.cast_signed();
    }
    // SAFETY: SIOCGIFHWADDR reads the name, which ends with a zero byte, and writes an address into the same structure.
    check(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCGIFHWADDR, &raw mut request) })?;
    // SAFETY: the kernel has filled this member of the union.
    Ok(unsafe { request.ifr_ifru.ifru_hwaddr.sa_family })
}

/// Waits for events on sockets; none at all waits for the time alone.
pub(super) fn poll(waiting: &mut [libc::pollfd], timeout: Duration) -> io::Result<()> {
    let count = libc::nfds_t::try_from(waiting.len()).unwrap_or_default();
    // Rounded up: a wait of less than a millisecond must not become a busy loop.
    let milliseconds = c_int::try_from(timeout.as_micros().div_ceil(1_000)).unwrap_or(c_int::MAX);
    // SAFETY: the kernel reads and writes `count` entries of `waiting`.
    check(unsafe { libc::poll(waiting.as_mut_ptr(), count, milliseconds) }).map(drop)
}

fn check(result: c_int) -> io::Result<c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

fn length<T>() -> libc::socklen_t {
    libc::socklen_t::try_from(size_of::<T>()).unwrap_or_default()
}
