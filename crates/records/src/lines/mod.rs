//! Compressed lines of JSON as other tools write them: DynamoDB's exports (`{"Item":{…}}`), and
//! dynamodb-replicator's snapshots and table dumps (the item alone).

mod changes;

use std::io::{BufRead as _, BufReader, Cursor};

use bytes::Bytes;
use flate2::bufread::MultiGzDecoder;

use crate::{
    error::Trouble,
    wire::{Item, MAX_ITEM_BYTES},
};

pub use changes::{ChangeLines, ExportedChange};

/// Reads the items of one object, gzip or plain.
pub struct ItemLines {
    name: String,
    lines: Box<dyn std::io::BufRead + Send>,
    number: u64,
    over: bool,
}

impl ItemLines {
    /// The items of the object `name`.
    pub fn new(name: impl Into<String>, body: Bytes) -> Self {
        let lines: Box<dyn std::io::BufRead + Send> = if is_gzip(&body) {
            Box::new(BufReader::new(MultiGzDecoder::new(Cursor::new(body))))
        } else {
            Box::new(Cursor::new(body))
        };
        Self {
            name: name.into(),
            lines,
            number: 0,
            over: false,
        }
    }

    fn trouble(&self, what: impl ToString) -> Trouble {
        Trouble::new(format!("{} line {}", self.name, self.number), what)
    }

    fn line(&mut self) -> Option<Result<Vec<u8>, Trouble>> {
        let mut line = Vec::new();
        let most = u64::try_from(MAX_ITEM_BYTES + 64).unwrap_or(u64::MAX);
        self.number += 1;
        match std::io::Read::take(&mut self.lines, most).read_until(b'\n', &mut line) {
            Ok(0) => None,
            Ok(read) if u64::try_from(read).unwrap_or(u64::MAX) == most => {
                self.over = true;
                Some(Err(self.trouble("a line that is longer than any item")))
            }
            Ok(_) => Some(Ok(line)),
            Err(error) => {
                self.over = true;
                Some(Err(self.trouble(format!(
                    "the compressed data is damaged or cut short ({error}); what stands before was read"
                ))))
            }
        }
    }
}

impl ItemLines {
    /// The next line that says something.
    fn text(&mut self) -> Option<Result<Vec<u8>, Trouble>> {
        while !self.over {
            match self.line()? {
                Ok(line) if line.trim_ascii().is_empty() => {}
                line => return Some(line),
            }
        }
        None
    }
}

impl Iterator for ItemLines {
    type Item = Result<Item, Trouble>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = match self.text()? {
            Ok(line) => line,
            Err(trouble) => return Some(Err(trouble)),
        };
        let text = line.trim_ascii();
        let wrapped = text
            .strip_prefix(b"{\"Item\":")
            .and_then(|rest| rest.strip_suffix(b"}"));
        let inside = Bytes::copy_from_slice(wrapped.unwrap_or(text));
        Some(Item::parse(inside).map_err(|error| self.trouble(error)))
    }
}

/// Whether the bytes begin as gzip does.
pub fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b])
}
