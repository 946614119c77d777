use jiff::Timestamp;

use super::{Moment, Sequence};

fn second(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap_or_default()
}

#[test]
fn sequence_numbers_compare_as_numbers() -> Result<(), super::SequenceError> {
    let short = Sequence::parse("000000000000000000099")?;
    let long = Sequence::parse("100000000000000000000000000000000000000007")?;
    let longer = Sequence::parse("200000000000000000000000000000000000000000")?;
    assert!(short < long);
    assert!(long < longer);
    assert_eq!(short.to_string(), "99");
    assert_eq!(
        long.to_string(),
        "100000000000000000000000000000000000000007"
    );
    assert!(Sequence::parse("12a").is_err());
    assert!(Sequence::parse("").is_err());
    assert!(Sequence::parse(&"9".repeat(60)).is_err());
    Ok(())
}

#[test]
fn the_stream_is_newer_than_a_scan_of_the_same_time() -> Result<(), super::SequenceError> {
    let scan = Moment::backfill(second(100));
    let stream = Moment::stream(second(100), Sequence::parse("1")?);
    assert!(scan < stream);
    assert!(stream < Moment::backfill(second(101)));
    Ok(())
}
