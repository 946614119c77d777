use proptest::prelude::*;
use tidemark_dumps::{Checked, Content, Format, RdbContent};

use super::{in_pieces, read};

/// The CRC-64 of Jones, apart from the crate that the reader uses.
pub(super) fn crc64(bytes: &[u8]) -> u64 {
    let table: Vec<u64> = (0..256)
        .map(|byte| {
            (0..8).fold(byte, |sum: u64, _| {
                (sum >> 1) ^ ((sum & 1) * 0x95ac_9329_ac4b_c9b5)
            })
        })
        .collect();
    bytes.iter().fold(0, |sum, byte| {
        table[usize::from(*byte ^ (sum & 0xff) as u8)] ^ (sum >> 8)
    })
}

fn sealed(mut body: Vec<u8>) -> Vec<u8> {
    body.push(0xff);
    let sum = crc64(&body);
    body.extend(sum.to_le_bytes());
    body
}

fn length(value: u64) -> Vec<u8> {
    match value {
        0..64 => vec![u8::try_from(value).unwrap()],
        64..16_384 => vec![
            0x40 | u8::try_from(value >> 8).unwrap(),
            (value & 0xff) as u8,
        ],
        _ => match u32::try_from(value) {
            Ok(value) => [&[0x80], &value.to_be_bytes()[..]].concat(),
            Err(_) => [&[0x81], &value.to_be_bytes()[..]].concat(),
        },
    }
}

fn text(text: &[u8]) -> Vec<u8> {
    [length(text.len() as u64), text.to_vec()].concat()
}

fn key(kind: u8, name: &str, value: &[Vec<u8>]) -> Vec<u8> {
    [vec![kind], text(name.as_bytes()), value.concat()].concat()
}

fn small() -> Vec<u8> {
    sealed(
        [
            b"REDIS0011".to_vec(),
            vec![0xfa],
            text(b"redis-ver"),
            text(b"7.2.4"),
            vec![0xfe, 0],
            vec![0xfb, 3, 1],
            vec![0xfc],
            4_102_444_800_000_u64.to_le_bytes().to_vec(),
            key(0, "expiring", &[text(b"value")]),
            vec![0xf8],
            length(70),
            key(0, "integer", &[vec![0xc0, 5]]),
            key(
                0,
                "packed",
                &[vec![0xc3], length(4), length(100), vec![1, 2, 3, 4]],
            ),
            vec![0xfe, 5],
            key(4, "hash", &[length(1), text(b"field"), text(&[b'x'; 100])]),
        ]
        .concat(),
    )
}

fn content(stream: &[u8]) -> RdbContent {
    match read(stream, Format::Auto).unwrap().content {
        Content::Rdb(content) => content,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_sum_is_the_one_of_redis() {
    assert_eq!(crc64(b"123456789"), 0xe9c6_d914_c4b8_d9ca);
}

#[test]
fn keys_are_counted_by_database() {
    let content = content(&small());
    assert_eq!(content.header, "REDIS0011");
    assert_eq!(content.server.as_deref(), Some("Redis 7.2.4"));
    assert_eq!((content.keys, content.checksum), (4, Checked::Right));
    let counts: Vec<(u64, u64, u64)> = content
        .databases
        .iter()
        .map(|database| (database.number, database.keys, database.expiring))
        .collect();
    assert_eq!(counts, [(0, 3, 1), (5, 1, 0)]);
}

#[test]
fn every_flipped_byte_and_every_cut_of_a_small_snapshot_is_refused() {
    let stream = small();
    for at in 0..stream.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = stream.clone();
            damaged[at] ^= flip;
            assert!(
                read(&damaged, Format::Rdb).is_err(),
                "byte {at} by {flip:02x}"
            );
        }
        assert!(read(&stream[..at], Format::Rdb).is_err(), "cut at {at}");
    }
}

#[test]
fn every_kind_of_value_is_passed_over() {
    let one = |bytes: &[u8]| vec![bytes.to_vec()];
    let score = |value: f64| value.to_le_bytes().to_vec();
    let groups = [
        length(1),
        text(b"group"),
        [1, 1, 2].to_vec(),
        length(1),
        vec![7; 16],
        vec![8; 8],
        length(1),
        length(1),
        text(b"consumer"),
        vec![9; 16],
        length(1),
        vec![7; 16],
    ]
    .concat();
    let stream_3 = [
        length(1),
        text(&[0; 16]),
        text(b"pack"),
        vec![1, 2, 0, 1, 0, 0, 0, 1],
        groups,
    ];
    let stream_1 = [
        length(0),
        vec![0, 0, 0],
        length(1),
        text(b"g"),
        vec![0, 0, 0, 0],
    ];
    let values: Vec<(u8, Vec<Vec<u8>>)> = vec![
        (1, vec![length(2), text(b"a"), text(b"b")]),
        (2, vec![length(70), text(b"a").repeat(70)]),
        (
            3,
            vec![
                length(4),
                text(b"a"),
                text(b"1.5"),
                text(b"b"),
                vec![253],
                text(b"c"),
                vec![254],
                text(b"d"),
                vec![255],
            ],
        ),
        (5, vec![length(1), text(b"a"), score(1.5)]),
        (
            7,
            vec![
                length(9),
                vec![1, 5, 2, 6, 3],
                vec![0; 4],
                vec![4],
                vec![0; 8],
                vec![5],
                text(b"t"),
                vec![0],
            ],
        ),
        (9, one(&text(b"map"))),
        (11, one(&text(b"ints"))),
        (14, vec![length(1), text(b"ziplist")]),
        (15, stream_1.to_vec()),
        (16, one(&text(b"listpack"))),
        (
            18,
            vec![length(2), vec![1], text(b"plain"), vec![2], text(b"packed")],
        ),
        (20, one(&text(b"listpack"))),
        (21, stream_3.to_vec()),
        (0, one(&[vec![0xc1], vec![1, 2]].concat())),
        (0, one(&[vec![0xc2], vec![1, 2, 3, 4]].concat())),
        (22, vec![length(1), text(b"f"), text(b"v"), vec![0xff; 8]]),
    ];
    let count = values.len() as u64;
    let mut body = b"VALKEY080".to_vec();
    body.extend([vec![0xf5], text(b"library"), vec![0xf4, 1, 2, 3]].concat());
    body.extend([vec![0xf3], text(b"job"), length(1), length(0), length(100)].concat());
    body.extend(
        [
            vec![0xf7],
            length(1),
            length(2),
            length(2),
            vec![5],
            text(b"x"),
            vec![0],
        ]
        .concat(),
    );
    for (at, (kind, value)) in values.into_iter().enumerate() {
        body.extend([0xf9, 3]);
        body.extend(key(kind, &format!("key {at}"), &value));
    }
    let content = content(&sealed(body));
    assert_eq!((content.keys, content.functions), (count, 1));
    assert_eq!(content.header, "VALKEY080");
}

#[test]
fn what_is_foreign_is_refused_in_words() {
    let with = |header: &[u8], body: &[u8]| sealed([header, body].concat());
    for (stream, offset, what) in [
        (b"Version 3.1\n".to_vec(), 0, "no snapshot"),
        (with(b"REDIS0012", &[]), 0, "version REDIS0012"),
        (with(b"VALKEY011", &[]), 0, "version VALKEY011"),
        (with(b"REDIS00x1", &[]), 0, "version"),
        (
            with(b"REDIS0011", &key(22, "k", &[length(0)])),
            9,
            "22 is no type",
        ),
        (with(b"REDIS0011", &[0xf3]), 9, "0xf3"),
        (with(b"REDIS0011", &[0xf6]), 9, "release candidate"),
        (
            with(b"REDIS0011", &[0xfc, 0, 0, 0, 0, 0, 0, 0, 0]),
            18,
            "a key belongs",
        ),
        (with(b"REDIS0011", &[0, 0x82]), 10, "begins no length"),
        (with(b"REDIS0011", &[0xfe, 0xc0]), 10, "a number belongs"),
        (
            [small(), vec![0]].concat(),
            small().len() as u64,
            "follows the end",
        ),
    ] {
        let refusal = read(&stream, Format::Rdb).unwrap_err();
        assert!(refusal.what.contains(what), "{refusal}: {what}");
        assert_eq!(refusal.offset, offset, "{refusal}");
    }
}

#[test]
fn a_snapshot_without_a_checksum_says_so() {
    let mut stream = small();
    let at = stream.len() - 8;
    stream[at..].fill(0);
    assert_eq!(content(&stream).checksum, Checked::Absent);
    let old = [
        b"REDIS0004".to_vec(),
        key(0, "k", &[text(b"v")]),
        vec![0xff],
    ]
    .concat();
    assert_eq!(content(&old).checksum, Checked::Absent);
}

proptest! {
    #[test]
    fn any_snapshot_is_counted_in_any_pieces(
        keys in prop::collection::vec((0_u64..20, any::<bool>(), "[a-z]{0,80}"), 0..40),
        size in 1_usize..300,
    ) {
        let mut body = b"REDIS0010".to_vec();
        for (database, expires, value) in &keys {
            body.push(0xfe);
            body.extend(length(*database));
            if *expires {
                body.extend([0xfd, 1, 2, 3, 4]);
            }
            body.extend(key(0, value, &[text(value.as_bytes())]));
        }
        let stream = sealed(body);
        let Content::Rdb(found) = in_pieces(&stream, Format::Auto, size).unwrap().content else {
            panic!("it is a snapshot");
        };
        prop_assert_eq!(found.keys, keys.len() as u64);
        let expiring: u64 = found.databases.iter().map(|database| database.expiring).sum();
        prop_assert_eq!(expiring, keys.iter().filter(|key| key.1).count() as u64);
        if let Some(last) = stream.len().checked_sub(size) {
            prop_assert!(in_pieces(&stream[..last], Format::Rdb, size).is_err());
        }
    }

    #[test]
    fn nothing_makes_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), size in 1_usize..50) {
        let mut stream = b"VALKEY080".to_vec();
        stream.extend(bytes);
        let _ = in_pieces(&stream, Format::Rdb, size);
    }
}
