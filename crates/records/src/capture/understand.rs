use crate::{
    error::Trouble,
    event::{Change, Event, Moment, Sequence},
    key::{KeySchema, RecordKey},
    ports::StreamRecord,
    wire::Item,
};

/// Reads a stream's record as a change. An error says what is wrong with it and names its key.
pub fn understand(schema: &KeySchema, record: &StreamRecord) -> Result<Event, Trouble> {
    let named = || {
        let text: String = String::from_utf8_lossy(&record.keys)
            .chars()
            .take(200)
            .collect();
        format!("{text} (sequence number {})", record.sequence_number)
    };
    let trouble = |what: &dyn std::fmt::Display| Trouble::new(named(), what);
    let key = RecordKey::parse(schema, record.keys.clone()).map_err(|error| trouble(&error))?;
    let sequence = Sequence::parse(&record.sequence_number).map_err(|error| trouble(&error))?;
    let change = match (&record.event_name[..], &record.new_image) {
        ("REMOVE", _) => Change::Delete,
        ("INSERT" | "MODIFY", Some(image)) => {
            let item = Item::parse(image.clone()).map_err(|error| trouble(&error))?;
            let own = RecordKey::of_item(schema, &item).map_err(|error| trouble(&error))?;
            if own != key {
                return Err(trouble(&format!("its image is of another record, {own}")));
            }
            Change::Put(item)
        }
        ("INSERT" | "MODIFY", None) => {
            return Err(trouble(
                &"it does not hold what the record became: the stream's view type is wrong",
            ));
        }
        (other, _) => return Err(trouble(&format!("{other:?} is no kind of change"))),
    };
    Ok(Event {
        key,
        moment: Moment::stream(record.created, sequence),
        change,
    })
}
