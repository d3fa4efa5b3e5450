//! Capture filters: a documented part of tcpdump's language, compiled to the kernel's classic BPF.
//!
//! ```text
//! expression = expression "or" expression | expression "and" expression | "not" expression | "(" expression ")" | test
//! test       = ["src" | "dst"] ("host" ADDRESS | "net" ADDRESS/BITS)
//!            | ["tcp" | "udp" | "sctp"] ["src" | "dst"] ("port" N | "portrange" N-M)
//!            | "ip" | "ip6" | "arp" | "tcp" | "udp" | "sctp" | "icmp" | "icmp6" | "proto" N | "vlan" [N]
//! ```
//!
//! `and` binds closer than `or`; `&&`, `||` and `!` are taken too. Differences from tcpdump: `vlan` looks at the outer
//! tag only and does not shift what follows, so `vlan 20 and host 10.0.0.1` means what it says; as in tcpdump, ports
//! are not seen in later fragments and behind IPv6 extension headers. Anything richer: give the numbers that
//! `tcpdump -ddd 'EXPRESSION'` prints.

mod compile;
mod parse;

#[cfg(test)]
mod tests;

/// Instructions that the kernel takes (BPF_MAXINSNS).
const INSTRUCTIONS_MAX: usize = 4_096;

/// A compiled filter.
#[derive(Clone, Debug)]
pub struct Program {
    /// What the kernel runs.
    pub(super) code: Vec<libc::sock_filter>,
    /// The program looks at Ethernet offsets.
    pub(super) needs_ethernet: bool,
}

impl Program {
    /// Compiles an expression, or reads the numbers that `tcpdump -ddd` prints. The error is one line for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        let numbers: Result<Vec<u32>, _> = text.split_whitespace().map(str::parse).collect();
        let (code, needs_ethernet) = match numbers {
            Ok(numbers) if !numbers.is_empty() => (read_numbers(&numbers)?, false),
            _ => (compile::compile(&parse::parse(text)?)?, true),
        };
        if code.len() > INSTRUCTIONS_MAX {
            let count = code.len();
            return Err(format!(
                "needs {count} instructions, the kernel takes {INSTRUCTIONS_MAX}; shorten it"
            ));
        }
        Ok(Self { code, needs_ethernet })
    }
}

/// A count, then four numbers an instruction: code, jump if true, jump if false, operand.
fn read_numbers(numbers: &[u32]) -> Result<Vec<libc::sock_filter>, String> {
    const WRONG: &str = "is not what tcpdump -ddd prints: a count, then four numbers a line";
    let (count, rest) = numbers.split_first().ok_or(WRONG)?;
    if rest.is_empty() || rest.len() % 4 != 0 || usize::try_from(*count) != Ok(rest.len() / 4) {
        return Err(WRONG.to_owned());
    }
    rest.chunks_exact(4)
        .map(|one| {
            let code = u16::try_from(one[0]).map_err(|_| WRONG)?;
            let (jt, jf) =
                (u8::try_from(one[1]).map_err(|_| WRONG)?, u8::try_from(one[2]).map_err(|_| WRONG)?);
            Ok(libc::sock_filter { code, jt, jf, k: one[3] })
        })
        .collect()
}
