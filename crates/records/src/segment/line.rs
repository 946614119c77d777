use std::fmt::Write as _;

use bytes::Bytes;

use crate::{
    event::{Change, Event, Moment, Origin, Sequence},
    key::RecordKey,
    wire::{Item, value_end},
};

/// Appends one change as a line.
pub(crate) fn write_line(out: &mut Vec<u8>, event: &Event) {
    out.extend_from_slice(b"{\"k\":");
    out.extend_from_slice(event.key.bytes());
    let mut middle = String::with_capacity(80);
    // Writing to a string cannot fail.
    let _ = write!(
        middle,
        ",\"t\":{},\"o\":\"{}\"",
        event.moment.at,
        event.moment.origin.as_str()
    );
    if let Some(sequence) = event.moment.sequence {
        let _ = write!(middle, ",\"s\":\"{sequence}\"");
    }
    if event.moment.ordinal > 0 {
        let _ = write!(middle, ",\"n\":{}", event.moment.ordinal);
    }
    out.extend_from_slice(middle.as_bytes());
    out.extend_from_slice(b",\"v\":");
    match &event.change {
        Change::Put(item) => out.extend_from_slice(item.bytes()),
        Change::Delete => out.extend_from_slice(b"null"),
    }
    out.extend_from_slice(b"}\n");
}

/// Reads a line (without its end) as [`write_line`] wrote it; the parts are borrowed from it. Says,
/// too, whether a number of its key was spelled in another way than DynamoDB's, as earlier releases
/// wrote them: such a change does not stand in its place.
pub(crate) fn read_line(line: &Bytes) -> Option<(Event, bool)> {
    let mut reader = Reader { line, at: 0 };
    reader.take(b"{\"k\":")?;
    let (key, respelled) = RecordKey::trusted(reader.value()?);
    reader.take(b",\"t\":")?;
    let at = std::str::from_utf8(&reader.value()?).ok()?.parse().ok()?;
    reader.take(b",\"o\":\"")?;
    let origin = Origin::parse(reader.text()?)?;
    let sequence = match reader.take(b",\"s\":\"") {
        Some(()) => Some(Sequence::parse(reader.text()?).ok()?),
        None => None,
    };
    let ordinal = match reader.take(b",\"n\":") {
        Some(()) => std::str::from_utf8(&reader.value()?).ok()?.parse().ok()?,
        None => 0,
    };
    reader.take(b",\"v\":")?;
    let value = reader.value()?;
    if line.len() != reader.at + 1 {
        return None;
    }
    let change = if value[..] == b"null"[..] {
        Change::Delete
    } else {
        Change::Put(Item::trusted(value))
    };
    let event = Event {
        key,
        moment: Moment {
            at,
            origin,
            sequence,
            ordinal,
        },
        change,
    };
    Some((event, respelled))
}

struct Reader<'a> {
    line: &'a Bytes,
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, text: &[u8]) -> Option<()> {
        self.line.get(self.at..)?.starts_with(text).then(|| {
            self.at += text.len();
        })
    }

    fn value(&mut self) -> Option<Bytes> {
        let end = value_end(self.line, self.at);
        let value = self
            .line
            .get(self.at..end)
            .map(|_| self.line.slice(self.at..end))?;
        self.at = end;
        Some(value)
    }

    /// Up to the closing quote; for texts without escapes.
    fn text(&mut self) -> Option<&'a str> {
        let rest = self.line.get(self.at..)?;
        let end = rest.iter().position(|&byte| byte == b'"')?;
        self.at += end + 1;
        std::str::from_utf8(&rest[..end]).ok()
    }
}
