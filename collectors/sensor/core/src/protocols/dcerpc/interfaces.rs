//! Names of interfaces and their operations, and where the arguments that matter stand: [`TABLE`] is data, read once.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::uuid::Uuid;

/// One interface a paragraph: a line with identifier and name, then its operations from number 0 on. Numbers are skipped
/// by `=N`; behind a name stands in brackets how to read its arguments ([`super::arguments`]).
const TABLE: &str = include_str!("interfaces.txt");

/// One interface.
#[derive(Debug, Default)]
pub struct Interface {
    /// Its name.
    pub name: &'static str,
    operations: Vec<Operation>,
}

/// One operation; no name where the number is not used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Operation {
    /// Its name.
    pub name: &'static str,
    /// How to read its arguments.
    pub arguments: &'static str,
}

impl Interface {
    /// An operation by its number.
    #[must_use]
    pub fn operation(&self, number: u16) -> Option<Operation> {
        self.operations.get(usize::from(number)).copied().filter(|operation| !operation.name.is_empty())
    }
}

fn table() -> &'static HashMap<Uuid, Interface> {
    static READ: OnceLock<HashMap<Uuid, Interface>> = OnceLock::new();
    READ.get_or_init(|| read(TABLE))
}

fn read(text: &'static str) -> HashMap<Uuid, Interface> {
    let mut table = HashMap::new();
    let mut current = (Uuid::default(), Interface::default());
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split_ascii_whitespace();
        let first = line.split_once(' ').and_then(|(uuid, name)| Some((Uuid::parse(uuid)?, name)));
        if let Some((uuid, name)) = first {
            let done = std::mem::replace(&mut current, (uuid, Interface { name, ..Interface::default() }));
            table.insert(done.0, done.1);
            continue;
        }
        for word in words.by_ref() {
            let operations = &mut current.1.operations;
            match word.strip_prefix('=').and_then(|number| number.parse().ok()) {
                Some(number) => operations.resize(number, Operation::default()),
                None => {
                    let (name, arguments) = word.split_once('(').unwrap_or((word, ""));
                    operations.push(Operation { name, arguments: arguments.trim_end_matches(')') });
                }
            }
        }
    }
    table.insert(current.0, current.1);
    table.remove(&Uuid::default());
    table
}

/// What is known of an interface.
#[must_use]
pub fn interface(uuid: Uuid) -> Option<&'static Interface> {
    table().get(&uuid)
}

/// Its name, or its identifier.
#[must_use]
pub fn name_or_uuid(uuid: Uuid) -> String {
    interface(uuid).map_or_else(|| uuid.to_string(), |interface| interface.name.to_owned())
}

/// The interface that a named pipe serves, by its name: for pipes whose agreement was not seen.
#[must_use]
pub fn of_pipe(pipe: &str) -> Option<Uuid> {
    table().iter().find(|(_, interface)| interface.name == pipe).map(|(uuid, _)| *uuid)
}

#[cfg(test)]
mod tests {
    use super::{interface, of_pipe, table};
    use crate::protocols::dcerpc::{arguments, uuid::Uuid};

    fn operation(uuid: &str, number: u16) -> &'static str {
        let interface = Uuid::parse(uuid).and_then(interface).expect("known");
        interface.operation(number).map_or("", |operation| operation.name)
    }

    #[test]
    fn numbers_and_names_agree() {
        for (uuid, number, name) in [
            ("e3514235-4b06-11d1-ab04-00c04fc2dcd2", 3, "DRSGetNCChanges"),
            ("12345678-1234-abcd-ef00-01234567cffb", 26, "NetrServerAuthenticate3"),
            ("12345678-1234-abcd-ef00-01234567cffb", 49, "NetrChainSetClientAttributes"),
            ("12345678-1234-abcd-ef00-01234567cffb", 30, "NetrServerPasswordSet2"),
            ("12345778-1234-abcd-ef00-0123456789ac", 64, "SamrConnect5"),
            ("12345778-1234-abcd-ef00-0123456789ab", 44, "LsarOpenPolicy2"),
            ("12345778-1234-abcd-ef00-0123456789ab", 77, "LsarLookupNames4"),
            ("12345678-1234-abcd-ef00-0123456789ab", 65, "RpcRemoteFindFirstPrinterChangeNotificationEx"),
            ("12345678-1234-abcd-ef00-0123456789ab", 89, "RpcAddPrinterDriverEx"),
            ("76f03f96-cdfd-44fc-a22c-64950a001209", 39, "RpcAsyncAddPrinterDriver"),
            ("76f03f96-cdfd-44fc-a22c-64950a001209", 62, "RpcAsyncInstallPrinterDriverFromPackage"),
            ("4b324fc8-1670-01d3-1278-5a47bf6ee188", 15, "NetrShareEnum"),
            ("4b324fc8-1670-01d3-1278-5a47bf6ee188", 57, "NetrShareDelEx"),
            ("6bffd098-a112-3610-9833-46c3f87e345a", 2, "NetrWkstaUserEnum"),
            ("367abb81-9844-35f1-ad32-98f038001003", 12, "CreateServiceW"),
            ("367abb81-9844-35f1-ad32-98f038001003", 45, "CreateServiceWOW64W"),
            ("338cd001-2244-31f1-aaaa-900038001003", 31, "BaseRegSaveKeyEx"),
            ("86d35949-83c9-4044-b424-db363231fd0c", 12, "SchRpcRun"),
            ("9556dc99-828c-11cf-a37e-00aa003240c7", 24, "ExecMethod"),
            ("c681d488-d850-11d0-8c52-00c04fd90f7e", 0, "EfsRpcOpenFileRaw"),
            ("4fc742e0-4a10-11cf-8273-00aa004ae673", 13, "NetrDfsRemoveStdRoot"),
            ("f6beaff7-1e19-4fbb-9f8f-b89e2018337c", 29, "EvtRpcGetClassicLogDisplayName"),
            ("e1af8308-5d1f-11c9-91a4-08002b14a0fa", 3, "ept_map"),
            ("afa8bd80-7d8a-11c9-bef4-08002b102989", 4, "inq_princ_name"),
            ("1ff70682-0a51-30e8-076d-740be8cee98b", 0, "NetrJobAdd"),
            ("1ff70682-0a51-30e8-076d-740be8cee98b", 4, ""),
        ] {
            assert_eq!(operation(uuid, number), name);
        }
    }

    #[test]
    fn pipes_are_told_by_name() {
        assert_eq!(of_pipe("svcctl"), Uuid::parse("367abb81-9844-35f1-ad32-98f038001003"));
        assert_eq!(of_pipe("psexesvc"), None);
    }

    #[test]
    fn all_that_is_written_of_arguments_can_be_read() {
        for operation in table().values().flat_map(|interface| &interface.operations) {
            assert!(operation.arguments.chars().all(arguments::is_known), "{operation:?}");
        }
    }
}
