//! Whole conversations and their events.

mod limits;
mod wire;

use wire::{
    Arguments, DRSUAPI, FEATURES, MAPPER, NDR, NDR64, NETLOGON, SVCCTL, agreed, answer, fault, head,
    new_service, offer, pdu, protected, request, response, uuid,
};

use super::pdu::{FIRST, LAST, kind};
use super::{TCP, UDP};
use crate::protocols::ntlm;
use crate::testing::robustness::stands;
use crate::testing::{Harness, ReadableEvent};

const PROGRAM: &str = r"%COMSPEC% /c echo cd ^> \\127.0.0.1\C$\out";

fn check(event: &ReadableEvent, expected: &[(&str, &str)]) {
    for (field, value) in expected {
        let name =
            if field.starts_with("event.") || field.starts_with("user.") || field.starts_with("source.") {
                (*field).to_owned()
            } else {
                format!("vonggac.dcerpc.{field}")
            };
        assert_eq!(event.get(&name).map_or("", String::as_str), *value, "{field} of {event:#?}");
    }
}

/// The calls of one connection to an interface, in order, without its agreement.
fn calls(interface: &str, messages: &[(bool, Vec<u8>)]) -> Vec<ReadableEvent> {
    let mut harness = Harness::new((TCP.decoder)());
    let (offer, taken) = agreed(interface);
    harness.client(&offer).server(&taken);
    for (server, message) in messages {
        if *server {
            harness.server(message)
        } else {
            harness.client(message)
        };
    }
    let events = harness.finish();
    events
        .into_iter()
        .filter(|event| event.get("vonggac.dcerpc.request").is_none_or(|kind| kind == "request"))
        .collect()
}

/// What one call is told as.
fn call(interface: &str, operation: u16, arguments: &[u8]) -> ReadableEvent {
    let messages = [(false, request(2, operation, arguments)), (true, response(2, &[0, 0, 0, 0]))];
    calls(interface, &messages).remove(0)
}

#[test]
fn an_agreement_and_a_call_are_told() {
    let mut harness = Harness::new((TCP.decoder)());
    let offers = offer(&[(SVCCTL, 2, NDR), (SVCCTL, 2, NDR64), (SVCCTL, 2, FEATURES)]);
    let results = answer(&[(2, NDR), (0, NDR64), (3, FEATURES)]);
    harness.client(&pdu(kind::BIND, FIRST | LAST, 7, &offers)).server(&pdu(
        kind::BIND_ACK,
        FIRST | LAST,
        7,
        &results,
    ));
    let asked = [head(1, 12), new_service(true, "BTOBTO", PROGRAM)].concat();
    harness.client(&pdu(kind::REQUEST, FIRST | LAST, 8, &asked));
    harness.server(&response(8, &[&[9; 24][..], &[0x31, 4, 0, 0]].concat()));
    let events = harness.finish();
    assert_eq!(events.len(), 2);
    check(
        &events[0],
        &[
            ("event.outcome", "success"),
            ("version", "5.0"),
            ("request", "bind"),
            ("response", "bind_ack"),
            ("call_id", "7"),
            ("interface.uuid", SVCCTL),
            ("interface.name", "svcctl"),
            ("interface.version", "2.0"),
            ("offered.name", "[svcctl, svcctl, svcctl]"),
            ("offered.version", "[2.0, 2.0, 2.0]"),
            ("offered.syntax", "[ndr, ndr64, features]"),
            ("offered.result", "[2, 0, 3]"),
        ],
    );
    check(
        &events[1],
        &[
            ("event.outcome", "success"),
            ("request", "request"),
            ("response", "response"),
            ("call_id", "8"),
            ("interface.name", "svcctl"),
            ("operation.number", "12"),
            ("operation.name", "CreateServiceW"),
            ("request_bytes", &(asked.len() - 8).to_string()),
            ("request_fragments", "1"),
            ("response_bytes", "28"),
            ("response_fragments", "1"),
            ("result", "0x00000431"),
            ("target", "BTOBTO"),
            ("command", PROGRAM),
            ("auth.level", ""),
        ],
    );
    assert!(harness.anomalies().is_empty());
}

#[test]
fn arguments_of_many_operations_are_read() {
    let start = || Arguments::default();
    let xml = "<?xml version=\"1.0\"?><Task><Actions><Exec><Command>cmd.exe</Command>\
               <Arguments>/C whoami</Arguments></Exec></Actions></Task>";
    let atsvc = "1ff70682-0a51-30e8-076d-740be8cee98b";
    let job = start().pointer(r"\\FS01").long(36_000_000).long(0).raw(&[0, 0]).pointer("calc.exe");
    check(&call(atsvc, 0, &job.bytes), &[("operation.name", "NetrJobAdd"), ("command", "calc.exe")]);
    let scheduler = "86d35949-83c9-4044-b424-db363231fd0c";
    let task = start().pointer(r"\Update").text(xml).bytes;
    check(&call(scheduler, 1, &task), &[("target", r"\Update"), ("command", "cmd.exe /C whoami")]);
    let winreg = "338cd001-2244-31f1-aaaa-900038001003";
    let key = start().handle().counted(r"SOFTWARE\Run").bytes;
    check(&call(winreg, 15, &key), &[("operation.name", "BaseRegOpenKey"), ("target", r"SOFTWARE\Run")]);
    let value = start().handle().counted("Updater").long(1).long(16);
    let value = value.raw(&"cmd /c a".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
    check(&call(winreg, 22, &value.bytes), &[("target", "Updater"), ("command", "cmd /c a")]);
    let number = start().handle().counted("Start").long(4).long(4).long(2).bytes;
    check(&call(winreg, 22, &number), &[("target", "Start"), ("command", "")]);
    let secret = start().handle().counted("DefaultPassword").long(1).long(6).raw(b"a\0b\0\0\0").bytes;
    let told = call(winreg, 22, &secret);
    assert!(told["vonggac.dcerpc.command"].starts_with("k:"));
    let samr = "12345778-1234-abcd-ef00-0123456789ac";
    let open = start().handle().long(0x0301_b07f).long(500).bytes;
    check(&call(samr, 34, &open), &[("operation.name", "SamrOpenUser"), ("target", "500")]);
    let ids = start().handle().long(2).long(1_000).long(0).long(2).long(500).long(512).bytes;
    check(&call(samr, 18, &ids), &[("operation.name", "SamrLookupIdsInDomain"), ("target", "500,512")]);
    let heads =
        start().handle().long(2).long(1_000).long(0).long(2).raw(&[10, 0, 10, 0]).long(1).raw(&[8, 0, 8, 0]);
    let names = heads.long(2).long(5).long(0).long(5);
    let names =
        names.raw(&"admin".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).raw(&[0, 0]);
    let names = names.long(4).long(0).long(4);
    let names = names.raw(&"krbt".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>()).bytes;
    check(&call(samr, 17, &names), &[("target", "admin,krbt")]);
    let member =
        start().handle().long(5).raw(&[1, 5, 0, 0, 0, 0, 0, 5]).long(21).long(1).long(2).long(3).long(1_105);
    check(&call(samr, 31, &member.bytes), &[("target", "S-1-5-21-1-2-3-1105")]);
    let efs = "c681d488-d850-11d0-8c52-00c04fd90f7e";
    let path = start().text(r"\\10.20.7.99\x\y").long(0).bytes;
    check(&call(efs, 0, &path), &[("operation.name", "EfsRpcOpenFileRaw"), ("target", r"\\10.20.7.99\x\y")]);
    let spooler = "12345678-1234-abcd-ef00-0123456789ab";
    let notify = start().handle().long(0x100).long(0).pointer(r"\\10.20.7.99").bytes;
    check(&call(spooler, 65, &notify), &[("target", r"\\10.20.7.99")]);
    let scm = "000001a0-0000-0000-c000-000000000046";
    let activation =
        start().raw(&[0; 300]).raw(&uuid("49b2791a-b1ae-4c90-9b8e-e860ba07f889")).raw(&[0; 40]).bytes;
    check(
        &call(scm, 4, &activation),
        &[("operation.name", "RemoteCreateInstance"), ("target", "MMC20.Application")],
    );
    let services = "9556dc99-828c-11cf-a37e-00aa003240c7";
    let word = |arguments: Arguments, text: &str| {
        let count = text.encode_utf16().count();
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let sized = arguments.size(1).size(count).long(2 * u32::try_from(count).expect("short"));
        sized.long(u32::try_from(count).expect("short")).raw(&bytes)
    };
    let object =
        b"\x05\0\0\0\0__PARAMETERS\0\0CommandLine\0\0__PARAMETERS\0\0cmd.exe /Q /c cd\0\x01C\0:\0\0\0\0\0";
    let method = word(word(start().raw(&[0; 28]).long(0), "Win32_Process"), "Create").raw(object).bytes;
    let method = call(services, 24, &method);
    check(&method, &[("target", "Win32_Process.Create"), ("command", "cmd.exe /Q /c cd C:")]);
    let dispatch = "00020400-0000-0000-c000-000000000046";
    let invoked = word(word(start().raw(&[0; 88]), "/c whoami"), "cmd.exe").bytes;
    check(&call(dispatch, 6, &invoked), &[("operation.name", "Invoke"), ("command", "cmd.exe /c whoami")]);
    // What is cut is read as far as it goes.
    check(&call(SVCCTL, 12, &new_service(false, "S", PROGRAM)[..60]), &[("target", "S"), ("command", "")]);
}

#[test]
fn zero_credentials_are_told() {
    let names = |zero: &[u8]| {
        let start = Arguments::default().pointer(r"\\DC01").text("DC01$").short(6).text("DC01");
        start.raw(zero).long(0x212f_ffff).bytes
    };
    let found = call(NETLOGON, 26, &names(&[0; 8]));
    check(
        &found,
        &[
            ("operation.name", "NetrServerAuthenticate3"),
            ("target", "DC01$.DC01"),
            ("zero_credential", "true"),
        ],
    );
    check(&call(NETLOGON, 26, &names(&[0, 1, 0, 0, 0, 0, 0, 0])), &[("zero_credential", "false")]);
    check(&call(NETLOGON, 29, &names(&[0; 8])), &[("zero_credential", "")]);
}

/// One tower: the interface, the way to write, the protocol, then a port and an address.
fn tower(interface: &str, port: u16, address: [u8; 4]) -> Vec<u8> {
    let version = [&[0x0d][..], &uuid(interface), &[4, 0]].concat();
    let syntax = [&[0x0d][..], &uuid(NDR), &[2, 0]].concat();
    let floors: [(&[u8], &[u8]); 5] = [
        (&version, &[0, 0]),
        (&syntax, &[0, 0]),
        (&[0x0b], &[0, 0]),
        (&[0x07], &port.to_be_bytes()),
        (&[0x09], &address),
    ];
    let sized = |part: &[u8]| [&u16::try_from(part.len()).expect("short").to_le_bytes()[..], part].concat();
    let floors = floors.iter().flat_map(|(left, right)| [sized(left), sized(right)].concat());
    [5, 0].into_iter().chain(floors).collect()
}

#[test]
fn the_endpoint_mapper_tells_where_an_interface_is_served() {
    let with = |arguments: Arguments, tower: &[u8]| {
        let sized = arguments.size(tower.len()).long(u32::try_from(tower.len()).expect("short"));
        sized.raw(tower)
    };
    let asked = with(Arguments::default().long(1).raw(&[0; 16]).long(2), &tower(DRSUAPI, 135, [0; 4]));
    let asked = asked.handle().long(4).bytes;
    let given = tower(DRSUAPI, 49_667, [10, 20, 1, 5]);
    let given =
        with(Arguments::default().handle().long(1).size(4).size(0).size(1).size(3), &given).long(0).bytes;
    let event = calls(MAPPER, &[(false, request(2, 3, &asked)), (true, response(2, &given))]).remove(0);
    check(
        &event,
        &[
            ("operation.name", "ept_map"),
            ("target", "drsuapi"),
            ("endpoints", "[ncacn_ip_tcp:10.20.1.5[49667]]"),
            ("result", "0x00000000"),
        ],
    );
}

#[test]
fn fragments_are_put_together_and_padding_is_no_argument() {
    let whole = new_service(false, "Fragmented", PROGRAM);
    let proof = [5; 16];
    let part = |flags, range: std::ops::Range<usize>| {
        let body = [&head(0, 12)[..], &whole[range]].concat();
        protected(kind::REQUEST, flags, 2, &body, (10, 5), &proof)
    };
    let first = part(FIRST, 0..48);
    let messages = [
        (false, first.clone()),
        (false, part(0, 48..96)),
        (false, part(LAST, 96..whole.len())),
        (true, protected(kind::RESPONSE, FIRST, 2, &[&head(0, 0)[..], &[1; 24]].concat(), (10, 5), &proof)),
        (
            true,
            protected(kind::RESPONSE, LAST, 2, &[&head(0, 0)[..], &[5, 0, 0, 0]].concat(), (10, 5), &proof),
        ),
    ];
    let event = calls(SVCCTL, &messages).remove(0);
    check(
        &event,
        &[
            ("target", "Fragmented"),
            ("command", PROGRAM),
            ("request_fragments", "3"),
            ("response_fragments", "2"),
            ("auth.type", "ntlm"),
            ("auth.level", "integrity"),
            ("result", "0x00000005"),
        ],
    );
    let sealed =
        protected(kind::REQUEST, FIRST | LAST, 2, &[&head(0, 12)[..], &whole].concat(), (10, 6), &proof);
    let answer =
        protected(kind::RESPONSE, FIRST | LAST, 2, &[&head(0, 0)[..], &[0; 8]].concat(), (10, 6), &proof);
    let event = calls(SVCCTL, &[(false, sealed), (true, answer)]).remove(0);
    check(
        &event,
        &[("operation.name", "CreateServiceW"), ("target", ""), ("result", ""), ("auth.level", "privacy")],
    );
}

#[test]
fn faults_and_silence_are_told() {
    let events = calls(
        DRSUAPI,
        &[
            (false, request(2, 3, &[1; 8])),
            (true, fault(2, 5)),
            (false, request(3, 99, &[])),
            (true, response(9, &[])),
        ],
    );
    check(
        &events[0],
        &[
            ("event.outcome", "failure"),
            ("response", "fault"),
            ("status", "access_denied"),
            ("operation.name", "DRSGetNCChanges"),
        ],
    );
    check(
        &events[1],
        &[("request", ""), ("response", "response"), ("call_id", "9"), ("response_bytes", "0")],
    );
    check(
        &events[2],
        &[("event.outcome", "unknown"), ("response", ""), ("operation.number", "99"), ("operation.name", "")],
    );
}

#[test]
fn big_endian_ends_are_understood() {
    let flip = |mut message: Vec<u8>, shorts: &[usize], longs: &[usize]| {
        message[4] = 0;
        for at in [8, 10].iter().chain(shorts) {
            message[*at..*at + 2].reverse();
        }
        for at in [12].iter().chain(longs) {
            message[*at..*at + 4].reverse();
        }
        message
    };
    let (bind, ack) = agreed(SVCCTL);
    let bind = flip(bind, &[28, 36, 38, 56, 58], &[32, 48, 52, 68]);
    let asked = flip(request(2, 0, &Arguments::default().handle().bytes), &[20, 22], &[]);
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&bind).server(&ack).client(&asked).server(&response(2, &[6, 0, 0, 0]));
    let events = harness.finish();
    check(
        &events[0],
        &[("interface.name", "svcctl"), ("interface.version", "1.0"), ("offered.result", "[0]")],
    );
    check(&events[1], &[("operation.name", "CloseServiceHandle"), ("result", "0x00000006")]);
}

/// A log-in over NTLM in three messages, and the first call.
fn log_in(verdict: &[u8]) -> Vec<ReadableEvent> {
    let offers = protected(
        kind::BIND,
        FIRST | LAST,
        1,
        &offer(&[(SVCCTL, 2, NDR)]),
        (10, 6),
        &ntlm::samples::negotiate(),
    );
    let taken = protected(
        kind::BIND_ACK,
        FIRST | LAST,
        1,
        &answer(&[(0, NDR)]),
        (10, 6),
        &ntlm::samples::challenge(),
    );
    let third = protected(kind::AUTH3, FIRST | LAST, 1, &[0; 4], (10, 6), &ntlm::samples::authenticate());
    let mut harness = Harness::new((TCP.decoder)());
    harness.client(&offers).server(&taken).client(&third).client(&request(2, 15, &[0; 4])).server(verdict);
    harness.finish()
}

#[test]
fn log_ins_are_told_with_their_outcome() {
    for (verdict, outcome) in
        [(response(2, &[0; 4]), "success"), (fault(2, 5), "failure"), (Vec::new(), "unknown")]
    {
        let events = log_in(&verdict);
        let of = |dataset: &str| events.iter().find(|event| event["event.dataset"] == dataset).expect("told");
        check(of("login"), &[("event.outcome", outcome), ("user.name", "nvan"), ("user.domain", "TINHUY")]);
        check(of("ntlm"), &[("event.outcome", outcome)]);
        check(of("dcerpc"), &[("request", "bind"), ("auth.type", "ntlm"), ("auth.level", "privacy")]);
    }
}

#[test]
fn datagrams_of_version_4_are_paired() {
    let datagram = |kind: u8, sequence: u32, arguments: &[u8]| {
        let mut head = vec![4, kind, 0x08, 0, 0x10, 0, 0, 0];
        head.extend([&[0; 16][..], &uuid(MAPPER), &[0x77; 16], &[0; 4], &[3, 0, 0, 0]].concat());
        head.extend([&sequence.to_le_bytes()[..], &[3, 0], &[0xff; 4]].concat());
        head.extend([&u16::try_from(arguments.len()).expect("short").to_le_bytes()[..], &[0; 4]].concat());
        [head, arguments.to_vec()].concat()
    };
    let mut harness = Harness::datagrams((UDP.decoder)(), 135);
    harness
        .client(&datagram(0, 4, &[1; 40]))
        .client(&datagram(0, 5, &[1; 20]))
        .server(&datagram(2, 4, &[2; 30]));
    harness.server(&datagram(6, 5, &0x1c01_0003_u32.to_le_bytes()));
    let events = harness.finish();
    let common = [
        ("version", "4.0"),
        ("interface.name", "epmapper"),
        ("interface.version", "3.0"),
        ("operation.name", "ept_map"),
    ];
    check(
        &events[0],
        &[("call_id", "4"), ("response", "response"), ("request_bytes", "40"), ("response_bytes", "30")],
    );
    check(&events[0], &[("activity", "77777777-7777-7777-7777-777777777777")]);
    check(&events[1], &[("call_id", "5"), ("response", "reject"), ("status", "nca_s_unk_if")]);
    events.iter().for_each(|event| check(event, &common));
    stands(&UDP, &vec![(crate::protocols::Direction::ToServer, datagram(0, 4, &[1; 40]))]);
}
