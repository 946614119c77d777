use tidemark_dumps::{AsbxContent, Content, Format};

use super::read;

fn header(namespace: &str) -> Vec<u8> {
    let mut header = vec![1];
    header.extend(7_u64.to_be_bytes());
    header.extend([0; 4]);
    let mut name = namespace.as_bytes().to_vec();
    name.resize(31, 0);
    header.extend(name);
    header
}

fn record(length: u8) -> Vec<u8> {
    let mut record = vec![9; 20];
    record.extend([0, 0, 0, 0, 0, length]);
    record.extend(vec![b'\n'; usize::from(length)]);
    record
}

#[test]
fn records_of_a_binary_backup_are_counted() {
    let stream = [header("live"), record(1), record(200)].concat();
    let found = read(&stream, Format::Auto).unwrap().content;
    let content = AsbxContent {
        namespace: "live".to_owned(),
        file: 7,
        records: 2,
    };
    assert_eq!(found, Content::Asbx(content));
}

#[test]
fn a_binary_backup_is_refused_where_it_is_cut_or_a_length_makes_no_sense() {
    let stream = [header("live"), record(1), record(200)].concat();
    let whole = [44, 44 + 27, stream.len()];
    for cut in 44..stream.len() {
        let result = read(&stream[..cut], Format::Aerospike);
        assert_eq!(result.is_ok(), whole.contains(&cut), "{cut}");
    }
    let mut long = header("live");
    long.extend([9; 20]);
    long.extend([0xff; 6]);
    let refusal = read(&long, Format::Auto).unwrap_err();
    assert!(refusal.what.contains("record 1 says"), "{refusal}");
    assert_eq!(refusal.offset, 64);
}
