//! Parts of a file, joined.

use proptest::prelude::*;

use super::{harness, of};
use crate::protocols::Direction::{ToClient, ToServer};
use crate::testing::ReadableEvent;

const WHOLE: &[u8] = b"MZ: a program that a loader fetches in pieces, so that no piece looks like one";

fn part(first: usize, last: usize, total: usize) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {first}-{last}/{total}\r\nContent-Length: {}\r\n\r\n",
        last + 1 - first
    );
    [head.as_bytes(), &WHOLE[first..=last]].concat()
}

/// The files of a connection in which these parts are fetched one after the other, and their contents.
fn fetched(parts: &[(usize, usize)]) -> (Vec<ReadableEvent>, Vec<Vec<u8>>) {
    let mut harness = harness();
    for &(first, last) in parts {
        let request = format!("GET /setup HTTP/1.1\r\nHost: h\r\nRange: bytes={first}-{last}\r\n\r\n");
        harness.client(request.as_bytes()).server(&part(first, last, WHOLE.len()));
    }
    harness.end(ToServer).end(ToClient);
    let events = harness.finish();
    (of(&events, "file").into_iter().cloned().collect(), harness.contents())
}

#[test]
fn parts_are_one_file() {
    let (files, contents) = fetched(&[(0, 9), (10, 40), (41, WHOLE.len() - 1)]);
    assert_eq!(files.len(), 1);
    assert_eq!(files[0]["vonggac.file.parts"], "3");
    assert_eq!(files[0]["file.size"], WHOLE.len().to_string());
    assert_eq!(files[0]["vonggac.file.truncated"], "false");
    assert_eq!(files[0]["file.name"], "setup");
    assert_eq!(contents, [WHOLE]);
}

#[test]
fn what_never_came_is_said() {
    let (files, contents) = fetched(&[(0, 9), (20, 29)]);
    assert_eq!(files.len(), 1);
    assert_eq!(files[0]["vonggac.file.truncated"], "true");
    assert_eq!(files[0]["file.size"], WHOLE.len().to_string());
    assert_eq!(files[0]["vonggac.file.missing_bytes"], (WHOLE.len() - 20).to_string());
    assert_eq!(contents, [[&WHOLE[..10], &WHOLE[20..30]].concat()]);
}

#[test]
fn other_addresses_and_sizes_are_other_files() {
    let events = harness()
        .client(b"GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n")
        .server(&part(0, 39, WHOLE.len()))
        .server(&part(40, WHOLE.len() - 1, WHOLE.len()))
        .finish();
    assert_eq!(of(&events, "file").len(), 2);
}

#[test]
fn a_whole_that_comes_as_a_part_is_whole_and_an_unplaced_part_is_partial() {
    let ask = b"GET /a HTTP/1.1\r\nHost: h\r\n\r\n";
    let events = harness().client(ask).server(&part(0, WHOLE.len() - 1, WHOLE.len())).finish();
    assert_eq!(of(&events, "file")[0]["vonggac.file.truncated"], "false");
    for range in ["bytes 0-9/*", "bytes 9-0/20", "bytes 0-20/20", "0"] {
        let response = format!("HTTP/1.1 206 P\r\nContent-Range: {range}\r\nContent-Length: 5\r\n\r\nabcde");
        let events = harness().client(ask).server(response.as_bytes()).finish();
        let files = of(&events, "file");
        assert_eq!((files.len(), files[0]["vonggac.file.truncated"].as_str()), (1, "true"), "{range}");
    }
}

proptest! {
    /// However the file is cut, in whatever order its parts come, and however they overlap.
    #[test]
    fn any_parts_that_cover_the_file_give_it(
        cuts in prop::collection::vec(0..WHOLE.len(), 0..8),
        overlap in 0_usize..6,
        order in any::<u64>(),
    ) {
        let mut cuts = cuts;
        cuts.extend([0, WHOLE.len()]);
        cuts.sort_unstable();
        cuts.dedup();
        let mut parts: Vec<_> = cuts
            .windows(2)
            .map(|pair| (pair[0].saturating_sub(overlap), (pair[1] - 1 + overlap).min(WHOLE.len() - 1)))
            .collect();
        parts.sort_by_key(|(first, _)| (*first as u64).wrapping_mul(order | 1));
        let (files, contents) = fetched(&parts);
        let told = files.iter().filter(|file| file["vonggac.file.truncated"] == "false").count();
        // One that arrives after all is there, or holds all, is a file of its own.
        prop_assert!(told >= 1);
        prop_assert!(contents.iter().any(|content| content == WHOLE));
    }
}
