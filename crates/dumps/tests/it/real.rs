//! Files that real servers wrote; `tests/data/README.md` says how.

use tidemark_dumps::{Checked, Content, Format};

use super::read;

const REDIS: &[u8] = include_bytes!("../data/redis-7.0.15.rdb");

#[test]
fn a_snapshot_by_redis_is_counted_and_each_flipped_byte_or_cut_is_refused() {
    let Content::Rdb(content) = read(REDIS, Format::Auto).unwrap().content else {
        panic!("it is a snapshot");
    };
    assert_eq!(content.header, "REDIS0010");
    assert_eq!(content.server.as_deref(), Some("Redis 7.0.15"));
    assert_eq!(content.checksum, Checked::Right);
    assert_eq!((content.keys, content.functions), (18, 1));
    let counts: Vec<(u64, u64, u64)> = content
        .databases
        .iter()
        .map(|database| (database.number, database.keys, database.expiring))
        .collect();
    assert_eq!(counts, [(0, 16, 1), (3, 2, 1)]);
    for at in 0..REDIS.len() {
        let mut damaged = REDIS.to_vec();
        damaged[at] ^= 0x20;
        assert!(read(&damaged, Format::Rdb).is_err(), "byte {at}");
        assert!(read(&REDIS[..at], Format::Rdb).is_err(), "cut at {at}");
    }
}

/// Reads the vendor's samples where they are: `TIDEMARK_TEST_ASB` names a folder that holds them.
#[test]
fn the_samples_that_the_vendor_ships_are_counted_and_refused_at_their_line() {
    let Ok(folder) = std::env::var("TIDEMARK_TEST_ASB") else {
        return;
    };
    let read = |name: &str| {
        read(
            &std::fs::read(format!("{folder}/{name}")).unwrap(),
            Format::Auto,
        )
    };
    let Content::Aerospike(content) = read("test_backup_file.asb").unwrap().content else {
        panic!("it is a backup");
    };
    assert_eq!((content.records, content.bins), (1, 3));
    assert_eq!(content.sets["test"]["demo"], 1);
    let refusal = read("test_bad_backup_file.asb").unwrap_err();
    assert_eq!(refusal.line, Some(13), "{refusal}");
}
