//! Text that ends with a line of one dot (RFC 5321 §4.5.2, RFC 1939 §3), read as it streams by.

/// Longest line that is looked at to tell whether it is a command.
const LOOK: usize = 512;

/// Where the text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// At the beginning of a line.
    Start,
    Line,
    /// Behind a dot at the beginning of a line.
    Dot,
    DotReturn,
    /// Behind a lone dot whose line ends are not CR LF both: the end for some servers, text for others. What follows
    /// tells; the line end behind the dot is kept.
    OddEnd(&'static [u8]),
}

/// What became of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dotted {
    /// So many are used, and the text goes on.
    On(usize),
    /// So many are used, and the text has ended in the proper way.
    Over(usize),
    /// So many are used, and the text has ended in an odd way: a command stands where the other end may have seen its end.
    Odd(usize),
}

/// A dotted text under way.
pub(crate) struct Dots {
    place: Place,
    /// The last line ended with CR LF.
    proper: bool,
    /// The last byte was CR.
    returned: bool,
    /// The other end has answered as if the text were over: commands are looked for.
    pub(crate) doubtful: bool,
    is_command: fn(&[u8]) -> bool,
}

impl Dots {
    /// A text in which `is_command` tells commands from content, where that is in doubt.
    pub(crate) fn new(is_command: fn(&[u8]) -> bool) -> Self {
        Self { place: Place::Start, proper: true, returned: false, doubtful: false, is_command }
    }

    /// A lone dot has come that ends the text for lenient servers.
    pub(crate) fn may_be_over(&self) -> bool {
        matches!(self.place, Place::OddEnd(_))
    }

    /// Bytes were lost: the next ones may stand anywhere in a line.
    pub(crate) fn torn(&mut self) {
        (self.place, self.returned) = (Place::Line, false);
    }

    /// Reads on; the text without its stuffing goes to `sink`.
    pub(crate) fn add(&mut self, bytes: &[u8], sink: &mut dyn FnMut(&[u8])) -> Dotted {
        let mut at = 0;
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            match self.place {
                Place::OddEnd(_) | Place::Start if self.in_doubt() => match self.begins_command(rest) {
                    None => return Dotted::On(at),
                    Some(true) => return Dotted::Odd(at),
                    Some(false) => at += self.go_on(rest[0], sink),
                },
                Place::Start | Place::OddEnd(_) => at += self.begin(rest[0]),
                Place::Line => at += self.line(rest, sink),
                Place::Dot => {
                    at += usize::from(matches!(rest[0], b'\r' | b'\n'));
                    self.place = match rest[0] {
                        b'\r' => Place::DotReturn,
                        b'\n' => Place::OddEnd(b"\n"),
                        // The dot was stuffing.
                        _ => Place::Line,
                    };
                }
                Place::DotReturn if rest[0] == b'\n' => {
                    at += 1;
                    if self.proper {
                        return Dotted::Over(at);
                    }
                    self.place = Place::OddEnd(b"\r\n");
                }
                Place::DotReturn => {
                    sink(b"\r");
                    (self.place, self.returned) = (Place::Line, true);
                }
            }
        }
        Dotted::On(at)
    }

    /// The next line may be a command.
    fn in_doubt(&self) -> bool {
        self.doubtful || self.may_be_over()
    }

    /// The next line is no command: the text goes on, behind a lone dot that was content if there is one.
    fn go_on(&mut self, first: u8, sink: &mut dyn FnMut(&[u8])) -> usize {
        if let Place::OddEnd(end) = self.place {
            sink(end);
            self.proper = end == b"\r\n";
        }
        self.begin(first)
    }

    /// The first byte of a line; how many bytes that uses.
    fn begin(&mut self, first: u8) -> usize {
        let dot = first == b'.';
        self.place = if dot { Place::Dot } else { Place::Line };
        usize::from(dot)
    }

    /// Content up to the next line that may matter; how many bytes that is.
    fn line(&mut self, rest: &[u8], sink: &mut dyn FnMut(&[u8])) -> usize {
        let found =
            if self.doubtful { memchr::memchr(b'\n', rest) } else { memchr::memmem::find(rest, b"\n.") };
        let whole = found.map_or(rest.len(), |end| end + 1);
        let content = &rest[..whole];
        sink(content);
        match content {
            [.., before, b'\n'] => (self.place, self.proper) = (Place::Start, *before == b'\r'),
            [b'\n'] => (self.place, self.proper) = (Place::Start, self.returned),
            _ => {}
        }
        self.returned = content.last() == Some(&b'\r');
        whole
    }

    /// Whether the next line is a command; `None`: too few bytes to tell.
    fn begins_command(&self, rest: &[u8]) -> Option<bool> {
        match memchr::memchr(b'\n', &rest[..rest.len().min(LOOK)]) {
            Some(end) => Some((self.is_command)(rest[..end].trim_ascii_end())),
            None if rest.len() < LOOK => None,
            None => Some(false),
        }
    }
}
