//! Messages made by hand: what honest clients and servers say.

/// A session id and a share id that all messages use.
pub const SESSION: u64 = 0x0400_0000_0009;
pub const TREE: u32 = 5;
/// What the server answers.
pub const RESPONSE: u32 = 1;
/// Part of a compound that uses the file of the command before it.
pub const RELATED: u32 = 4;

pub fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn len16(bytes: &[u8]) -> [u8; 2] {
    u16::try_from(bytes.len()).expect("short").to_le_bytes()
}

fn len32(bytes: &[u8]) -> [u8; 4] {
    u32::try_from(bytes.len()).expect("short").to_le_bytes()
}

/// The four bytes before a message.
pub fn frame(message: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(message.len()).expect("short").to_be_bytes().to_vec();
    bytes.extend(message);
    bytes
}

/// Header and body of one command; its place in a compound is added by [`compound`].
pub fn two(command: u16, message: u64, flags: u32, status: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = b"\xfeSMB\x40\0\x01\0".to_vec();
    bytes.extend(status.to_le_bytes());
    bytes.extend(command.to_le_bytes());
    bytes.extend([31, 0]);
    bytes.extend(flags.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(message.to_le_bytes());
    bytes.extend([0; 4]);
    bytes.extend(TREE.to_le_bytes());
    bytes.extend(SESSION.to_le_bytes());
    bytes.extend([0; 16]);
    bytes.extend(body);
    bytes
}

pub fn ask(command: u16, message: u64, body: &[u8]) -> Vec<u8> {
    frame(&two(command, message, 0, 0, body))
}

pub fn answer(command: u16, message: u64, status: u32, body: &[u8]) -> Vec<u8> {
    frame(&two(command, message, RESPONSE, status, body))
}

/// Several commands in one message, each on a border of eight bytes.
pub fn compound(commands: &[Vec<u8>]) -> Vec<u8> {
    let mut message = Vec::new();
    for (index, command) in commands.iter().enumerate() {
        let mut command = command.clone();
        if index + 1 < commands.len() {
            command.resize(command.len().next_multiple_of(8), 0);
            let next = len32(&command);
            command[20..24].copy_from_slice(&next);
        }
        message.extend(command);
    }
    frame(&message)
}

pub fn offer(dialects: &[u16]) -> Vec<u8> {
    let mut body = vec![36, 0, u8::try_from(dialects.len()).expect("few"), 0, 1, 0, 0, 0, 0, 0, 0, 0];
    body.extend(1_u8..=16);
    body.extend([0; 8]);
    body.extend(dialects.iter().flat_map(|dialect| dialect.to_le_bytes()));
    ask(0, 1, &body)
}

/// The server's choice, with the context of the cipher if there is one.
pub fn choice(message: u64, dialect: u16, cipher: Option<u16>) -> Vec<u8> {
    let mut body = vec![65, 0, 3, 0];
    body.extend(dialect.to_le_bytes());
    body.extend([u8::from(cipher.is_some()), 0]);
    body.extend(17_u8..=32);
    body.extend([0; 4 * 4 + 8 * 2]);
    body.extend([128, 0, 0, 0]);
    body.extend(128_u32.to_le_bytes());
    assert_eq!(body.len(), 64);
    if let Some(cipher) = cipher {
        body.extend([2, 0, 4, 0, 0, 0, 0, 0, 1, 0]);
        body.extend(cipher.to_le_bytes());
    }
    answer(0, message, 0, &body)
}

pub fn set_up(message: u64, token: &[u8]) -> Vec<u8> {
    let mut body = vec![25, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 88, 0];
    body.extend(len16(token));
    body.extend([0; 8]);
    body.extend(token);
    ask(1, message, &body)
}

pub fn set_up_answer(message: u64, status: u32, flags: u16, token: &[u8]) -> Vec<u8> {
    let mut body = vec![9, 0];
    body.extend(flags.to_le_bytes());
    body.extend([72, 0]);
    body.extend(len16(token));
    body.extend(token);
    answer(1, message, status, &body)
}

fn der(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    let content = parts.concat();
    [vec![tag, 0x82], u16::try_from(content.len()).expect("short").to_be_bytes().to_vec(), content].concat()
}

/// A token of GSS-API with a ticket for `cifs/dc01.tinhuy.local`.
pub fn kerberos() -> Vec<u8> {
    let text = |text: &str| der(0x1b, &[text.as_bytes().to_vec()]);
    let number = |tag, value| der(tag, &[vec![2, 1, value]]);
    let name = der(0x30, &[text("cifs"), text("dc01.tinhuy.local")]);
    let name = der(0x30, &[number(0xa0, 2), der(0xa1, &[name])]);
    let secret = der(0x30, &[number(0xa0, 18), der(0xa2, &[der(4, &[vec![9; 40]])])]);
    let realm = der(0xa1, &[text("TINHUY.LOCAL")]);
    let ticket =
        der(0x30, &[number(0xa0, 5), realm, der(0xa2, &[name]), der(0xa3, std::slice::from_ref(&secret))]);
    let ticket = der(0xa3, &[der(0x61, &[ticket])]);
    let options = der(0xa2, &[vec![3, 5, 0, 0, 0, 0, 0]]);
    let request = der(0x30, &[number(0xa0, 5), number(0xa1, 14), options, ticket, der(0xa4, &[secret])]);
    let oid = vec![6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2, 1, 0];
    der(0x60, &[oid, der(0x6e, &[request])])
}

pub fn tree_connect(message: u64, path: &str) -> Vec<u8> {
    let path = utf16(path);
    let mut body = vec![9, 0, 0, 0, 72, 0];
    body.extend(len16(&path));
    body.extend(path);
    ask(3, message, &body)
}

pub fn tree_answer(message: u64, kind: u8) -> Vec<u8> {
    let mut body = vec![16, 0, kind, 0];
    body.extend([0; 12]);
    answer(3, message, 0, &body)
}

/// The body of a create: access, disposition, options, name.
pub fn create(access: u32, disposition: u32, options: u32, name: &str) -> Vec<u8> {
    let name = utf16(name);
    let mut body = vec![57, 0, 0, 0, 2, 0, 0, 0];
    body.extend([0; 16]);
    for number in [access, 0x80, 7, disposition, options] {
        body.extend(number.to_le_bytes());
    }
    body.extend([120, 0]);
    body.extend(len16(&name));
    body.extend([0; 8]);
    body.extend(name);
    body
}

/// A file id from one number.
pub fn file(number: u8) -> [u8; 16] {
    let mut id = [0; 16];
    (id[0], id[8]) = (number, number + 1);
    id
}

/// Names the file of the command before it.
pub const PREVIOUS: [u8; 16] = [0xff; 16];

/// The body of the answer to a create: attributes and size of the file, all its times 2026-01-01.
pub fn created(number: u8, attributes: u32, size: u64) -> Vec<u8> {
    let mut body = vec![89, 0, 0, 0, 1, 0, 0, 0];
    for _ in 0..4 {
        body.extend(134_117_856_000_000_000_u64.to_le_bytes());
    }
    body.extend(size.to_le_bytes());
    body.extend(size.to_le_bytes());
    body.extend(attributes.to_le_bytes());
    body.extend([0; 4]);
    body.extend(file(number));
    body.extend([0; 8]);
    body
}

pub fn close(file: [u8; 16]) -> Vec<u8> {
    let mut body = vec![24, 0, 0, 0, 0, 0, 0, 0];
    body.extend(file);
    body
}

pub fn closed() -> Vec<u8> {
    let mut body = vec![60, 0];
    body.extend([0; 58]);
    body
}

pub fn read(file: [u8; 16], offset: u64, length: u32) -> Vec<u8> {
    let mut body = vec![49, 0, 80, 0];
    body.extend(length.to_le_bytes());
    body.extend(offset.to_le_bytes());
    body.extend(file);
    body.extend([0; 17]);
    body
}

pub fn data(bytes: &[u8]) -> Vec<u8> {
    let mut body = vec![17, 0, 80, 0];
    body.extend(len32(bytes));
    body.extend([0; 8]);
    body.extend(bytes);
    body
}

pub fn write(file: [u8; 16], offset: u64, bytes: &[u8]) -> Vec<u8> {
    let mut body = vec![49, 0, 112, 0];
    body.extend(len32(bytes));
    body.extend(offset.to_le_bytes());
    body.extend(file);
    body.extend([0; 16]);
    body.extend(bytes);
    body
}

pub fn written(length: u32) -> Vec<u8> {
    let mut body = vec![17, 0, 0, 0];
    body.extend(length.to_le_bytes());
    body.extend([0; 9]);
    body
}

pub fn set_info(file: [u8; 16], class: u8, buffer: &[u8]) -> Vec<u8> {
    let mut body = vec![33, 0, 1, class];
    body.extend(len32(buffer));
    body.extend([96, 0, 0, 0, 0, 0, 0, 0]);
    body.extend(file);
    body.extend(buffer);
    body
}

/// FileRenameInformation.
pub fn rename(path: &str) -> Vec<u8> {
    let path = utf16(path);
    let mut buffer = vec![0; 16];
    buffer.extend(len32(&path));
    buffer.extend(path);
    buffer
}

/// FSCTL_PIPE_TRANSCEIVE.
pub fn transceive(file: [u8; 16], input: &[u8]) -> Vec<u8> {
    let mut body = vec![57, 0, 0, 0];
    body.extend(0x0011_c017_u32.to_le_bytes());
    body.extend(file);
    body.extend(120_u32.to_le_bytes());
    body.extend(len32(input));
    body.extend([0; 4]);
    body.extend(120_u32.to_le_bytes());
    body.extend([0; 4]);
    body.extend([0, 4, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
    body.extend(input);
    body
}

pub fn transceived(file: [u8; 16], output: &[u8]) -> Vec<u8> {
    let mut body = vec![49, 0, 0, 0];
    body.extend(0x0011_c017_u32.to_le_bytes());
    body.extend(file);
    body.extend(112_u32.to_le_bytes());
    body.extend([0; 4]);
    body.extend(112_u32.to_le_bytes());
    body.extend(len32(output));
    body.extend([0; 8]);
    body.extend(output);
    body
}

pub fn query_directory(file: [u8; 16], pattern: &str) -> Vec<u8> {
    let pattern = utf16(pattern);
    let mut body = vec![33, 0, 37, 0, 0, 0, 0, 0];
    body.extend(file);
    body.extend([96, 0]);
    body.extend(len16(&pattern));
    body.extend([0, 0, 1, 0]);
    body.extend(pattern);
    body
}
