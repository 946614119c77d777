use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use proptest::prelude::*;
use sha2::{Digest as _, Sha256};
use tidemark_dumps::{Content, Format, Packing};

use super::{in_pieces, rdb::crc64, read};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn snapshot() -> Vec<u8> {
    let mut body = b"REDIS0011".to_vec();
    for number in 0..200_u8 {
        body.extend([0, 1, number, 3, b'a', b'b', b'c']);
    }
    body.push(0xff);
    let sum = crc64(&body);
    body.extend(sum.to_le_bytes());
    body
}

#[test]
fn what_is_packed_is_read_and_hashed_on_both_sides() {
    let inner = snapshot();
    for (packed, packing) in [(gzip(&inner), Packing::Gzip), (zstd(&inner), Packing::Zstd)] {
        let found = read(&packed, Format::Auto).unwrap();
        assert_eq!(found.packing, packing);
        assert_eq!(found.stream.sha256, hex::encode(Sha256::digest(&packed)));
        let unpacked = found.unpacked.unwrap();
        assert_eq!(unpacked.sha256, hex::encode(Sha256::digest(&inner)));
        assert_eq!(unpacked.bytes, inner.len() as u64);
        let Content::Rdb(content) = found.content else {
            panic!("{:?}", found.content);
        };
        assert_eq!(content.keys, 200);
        let unread = read(&packed, Format::None).unwrap();
        assert_eq!((unread.unpacked, unread.content), (None, Content::Unread));
    }
}

#[test]
fn several_members_and_frames_are_one_stream() {
    let inner = snapshot();
    let (one, two) = inner.split_at(300);
    for packed in [
        [gzip(one), gzip(two)].concat(),
        [zstd(one), zstd(two)].concat(),
    ] {
        let found = read(&packed, Format::Rdb).unwrap();
        assert_eq!(found.unpacked.unwrap().bytes, inner.len() as u64);
    }
}

#[test]
fn every_cut_and_every_flipped_byte_of_a_packed_snapshot_is_refused_or_changes_nothing() {
    let inner = snapshot();
    let sum = hex::encode(Sha256::digest(&inner));
    for packed in [gzip(&inner), zstd(&inner)] {
        for at in 0..packed.len() {
            assert!(
                in_pieces(&packed[..at], Format::Rdb, 7).is_err(),
                "cut at {at}"
            );
            let mut damaged = packed.clone();
            damaged[at] ^= 0x10;
            // Some bits mean nothing for what is packed.
            if let Ok(found) = in_pieces(&damaged, Format::Rdb, 64) {
                assert_eq!(found.unpacked.unwrap().sha256, sum, "byte {at}");
            }
        }
    }
}

#[test]
fn what_nobody_knows_is_hashed_and_not_read() {
    let found = read(b"-- PostgreSQL database dump", Format::Auto).unwrap();
    assert_eq!(
        (found.content, found.packing),
        (Content::Unread, Packing::None)
    );
    let found = read(b"", Format::Auto).unwrap();
    assert_eq!((found.content, found.stream.bytes), (Content::Unread, 0));
    assert!(read(b"-- PostgreSQL database dump", Format::Rdb).is_err());
    assert!(read(b"", Format::Aerospike).is_err());
}

#[test]
fn what_unpacks_to_much_more_is_read_in_bounded_pieces() {
    let inner = vec![b' '; 40 << 20];
    for packed in [gzip(&inner), zstd(&inner)] {
        let found = in_pieces(&packed, Format::Auto, 1 << 20).unwrap();
        assert_eq!(found.unpacked.unwrap().bytes, inner.len() as u64);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_stream_comes_out_as_it_went_in(
        bytes in prop::collection::vec(any::<u8>(), 0..20_000),
        size in 1_usize..5_000,
    ) {
        for packed in [gzip(&bytes), zstd(&bytes)] {
            let found = in_pieces(&packed, Format::Auto, size).unwrap();
            prop_assert_eq!(found.unpacked.unwrap().sha256, hex::encode(Sha256::digest(&bytes)));
        }
    }
}
