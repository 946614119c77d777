use bytes::Bytes;
use jiff::Timestamp;

use super::{SegmentReader, encode_segment};
use crate::{
    event::{Change, Event, Moment, Sequence},
    key::{KeyAttribute, KeySchema, KeyType, RecordKey},
    wire::Item,
};

fn event(id: &str, second: i64, sequence: &str, deleted: bool) -> anyhow::Result<Event> {
    let schema = KeySchema::simple(KeyAttribute::new("id", KeyType::S));
    let text = format!(r#"{{"id":{{"S":"{id}"}},"tags":{{"SS":["b","a"]}}}}"#);
    let item = Item::parse(text)?;
    Ok(Event {
        key: RecordKey::of_item(&schema, &item)?,
        moment: Moment::stream(Timestamp::from_second(second)?, Sequence::parse(sequence)?),
        change: if deleted {
            Change::Delete
        } else {
            Change::Put(item)
        },
    })
}

fn read(body: Bytes) -> (Vec<Event>, Option<String>) {
    let mut reader = SegmentReader::new(body);
    let mut events = Vec::new();
    loop {
        match reader.next_event() {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return (events, None),
            Err(error) => return (events, Some(error.to_string())),
        }
    }
}

#[test]
fn a_segment_gives_back_its_changes_sorted_and_without_repetitions() -> anyhow::Result<()> {
    let changes = vec![
        event("b", 5, "3", true)?,
        event("a", 9, "7", false)?,
        event("b", 2, "1", false)?,
        event("a", 9, "7", false)?,
    ];
    let reversed: Vec<Event> = changes.iter().rev().cloned().collect();
    let Some(segment) = encode_segment("t", changes.clone())? else {
        anyhow::bail!("there are changes");
    };
    let Some(again) = encode_segment("t", reversed)? else {
        anyhow::bail!("there are changes");
    };
    assert_eq!(segment.body, again.body, "the order of arrival matters not");
    let (events, error) = read(segment.body.clone());
    assert_eq!(error, None);
    assert_eq!(
        events,
        [changes[1].clone(), changes[2].clone(), changes[0].clone()]
    );
    assert_eq!((segment.first, segment.last), (2_000, 9_000));
    assert!(SegmentReader::matches(&segment.body, &segment.sha256));
    Ok(())
}

#[test]
fn a_segment_of_many_frames_is_read_to_its_end() -> anyhow::Result<()> {
    let changes: Vec<Event> = (0..20_000)
        .map(|number| {
            event(
                &format!("record-{number:06}"),
                number,
                &number.to_string(),
                false,
            )
        })
        .collect::<anyhow::Result<_>>()?;
    let Some(segment) = encode_segment("t", changes.clone())? else {
        anyhow::bail!("there are changes");
    };
    let (events, error) = read(segment.body);
    assert_eq!(error, None);
    assert_eq!(events, changes);
    Ok(())
}

#[test]
fn damage_is_told_and_what_stands_before_it_is_read() -> anyhow::Result<()> {
    let changes: Vec<Event> = (0..20_000)
        .map(|number| {
            event(
                &format!("record-{number:06}"),
                number,
                &number.to_string(),
                false,
            )
        })
        .collect::<anyhow::Result<_>>()?;
    let Some(segment) = encode_segment("t", changes)? else {
        anyhow::bail!("there are changes");
    };
    let cut = segment.body.slice(..segment.body.len() - 10);
    assert!(!SegmentReader::matches(&cut, &segment.sha256));
    let (events, error) = read(cut);
    assert!(error.is_some(), "a missing end is an error");
    assert!(events.len() > 1_000, "the frames before are read");

    let mut flipped = segment.body.to_vec();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x40;
    let (_, error) = read(flipped.into());
    assert!(error.is_some(), "a changed bit is an error");

    let (events, error) = read(Bytes::from_static(b"no segment at all"));
    assert!(events.is_empty());
    assert!(error.is_some());
    Ok(())
}
