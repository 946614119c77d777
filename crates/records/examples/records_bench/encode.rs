use std::time::Instant;

use jiff::Timestamp;
use tidemark_records::{
    capture::understand,
    event::Event,
    key::{KeyAttribute, KeySchema, KeyType},
    ports::StreamRecord,
    segment::{SegmentReader, encode_segment},
};

use crate::{Failure, made_up_table::item_text, report::Report};

const EVENTS: u64 = 500_000;
const BATCH: usize = 10_000;
const BUDGET: f64 = 100_000.0;

/// How many changes a second one core understands, sorts, encodes and compresses.
pub(crate) fn measure(report: &Report) -> Result<(), Failure> {
    let schema = KeySchema::simple(KeyAttribute::new("id", KeyType::S));
    let records: Vec<StreamRecord> = (0..EVENTS)
        .map(|number| {
            // In no order of keys.
            let item = number.wrapping_mul(7_919) % EVENTS;
            Ok(StreamRecord {
                event_id: format!("{number:032x}"),
                event_name: "MODIFY".to_owned(),
                keys: format!("{{\"id\":{{\"S\":\"record-{item:010}\"}}}}").into(),
                new_image: Some(item_text(item).into()),
                old_image: None,
                sequence_number: format!("{:021}", 100_000_000 + number),
                created: Timestamp::from_second(1_800_000_000 + i64::try_from(number / 1_000)?)?,
            })
        })
        .collect::<Result<_, Failure>>()?;
    let raw: usize = records
        .iter()
        .map(|record| record.new_image.as_ref().map_or(0, bytes::Bytes::len))
        .sum();
    let begin = Instant::now();
    let mut compressed = 0;
    let mut segments = Vec::new();
    for batch in records.chunks(BATCH) {
        let events: Vec<Event> = batch
            .iter()
            .map(|record| understand(&schema, record).map_err(|trouble| trouble.what.into()))
            .collect::<Result<_, Failure>>()?;
        let segment = encode_segment("bench", events)?.ok_or("a batch is not empty")?;
        compressed += segment.body.len();
        segments.push(segment.body);
    }
    let rate = EVENTS as f64 / begin.elapsed().as_secs_f64();
    report.row(
        "Segments: changes understood, sorted, encoded and compressed, one core",
        "≥ 100000 /s",
        &format!("{rate:.0} /s"),
        Some(rate >= BUDGET),
    );
    report.row(
        "Segments: size of 500,000 changes against their items' text",
        "",
        &format!("{:.1} %", 100.0 * compressed as f64 / raw as f64),
        None,
    );
    let begin = Instant::now();
    let mut read = 0;
    for segment in segments {
        let mut reader = SegmentReader::new(segment);
        while reader.next_event()?.is_some() {
            read += 1;
        }
    }
    let rate = f64::from(read) / begin.elapsed().as_secs_f64();
    report.row(
        "Segments: changes decompressed and read, one core",
        "",
        &format!("{rate:.0} /s"),
        None,
    );
    Ok(())
}
