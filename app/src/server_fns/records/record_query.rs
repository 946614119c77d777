use jiff::Timestamp;
use tidemark_domain::{
    Invalid,
    records::{KeyAsk, RecordSearch},
};

use super::moment;
use crate::query::{Query, pairs};

/// One record, or a search for records, as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordQuery {
    /// The capture's id.
    pub capture: String,
    /// The key in `DynamoDB`'s own JSON.
    pub key: String,
    /// The partition key's value as typed, for one record.
    pub partition: String,
    /// The sort key's value as typed.
    pub sort: String,
    /// The number of the newest version shown.
    pub version: String,
    /// Search: the beginning of the partition key.
    pub begins: String,
    /// Search: as of when; empty for now.
    pub as_of: String,
}

impl RecordQuery {
    /// The path of the page.
    pub const PATH: &'static str = "/records/record";

    /// The names of the address.
    pub const NAMES: [&'static str; 7] = [
        "capture",
        "key",
        "partition",
        "sort",
        "version",
        "begins",
        "as_of",
    ];

    /// A record, by its exact key.
    pub fn of(capture: &str, key: &str) -> Self {
        Self {
            capture: capture.to_owned(),
            key: key.to_owned(),
            ..Self::default()
        }
    }

    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        let mut record = Self::default();
        for (name, value) in pairs(query) {
            let field = match name.as_str() {
                "capture" => &mut record.capture,
                "key" => &mut record.key,
                "partition" => &mut record.partition,
                "sort" => &mut record.sort,
                "version" => &mut record.version,
                "begins" => &mut record.begins,
                "as_of" => &mut record.as_of,
                _ => continue,
            };
            *field = value;
        }
        record
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        for (name, value) in [
            ("capture", &self.capture),
            ("key", &self.key),
            ("partition", &self.partition),
            ("sort", &self.sort),
            ("version", &self.version),
            ("begins", &self.begins),
            ("as_of", &self.as_of),
        ] {
            query.push(name, value);
        }
        query
    }

    /// The address of the page.
    pub fn href(&self) -> String {
        self.query().on(Self::PATH)
    }

    /// The address of one version as it is stored.
    pub fn version_href(&self, version: u64) -> String {
        let asked = Self {
            version: version.to_string(),
            ..self.clone()
        };
        asked.query().on("/records/record.json")
    }

    /// One record is meant.
    pub fn names_record(&self) -> bool {
        !self.key.is_empty() || !self.partition.is_empty()
    }

    /// How the record is named.
    pub fn key_ask(&self) -> KeyAsk {
        KeyAsk {
            text: self.key.clone(),
            partition: self.partition.clone(),
            sort: self.sort.clone(),
        }
    }

    /// The number of the version that is meant.
    pub fn version_number(&self) -> Result<Option<u64>, Invalid> {
        match self.version.trim() {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| Invalid::new("version", "must be a whole number")),
        }
    }

    /// What is searched for.
    pub fn search(&self) -> Result<RecordSearch, Invalid> {
        let as_of: Option<Timestamp> = moment::read("as of", &self.as_of)?;
        Ok(RecordSearch {
            begins: self.begins.clone(),
            as_of,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    #[test]
    fn a_record_keeps_its_exact_key_in_the_address() {
        let key = r#"{"id":{"S":"a&b=\"c\" ü"}}"#;
        let query = RecordQuery::of("c-1", key);
        assert_eq!(RecordQuery::parse(query.query().as_str()), query);
        assert!(query.names_record());
        assert_eq!(query.key_ask().text, key);
        assert!(query.version_href(3).ends_with("&version=3"));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let query = RecordQuery::parse("capture=c&version=x&as_of=soon");
        assert_eq!(query.version_number().unwrap_err().field, "version");
        assert_eq!(query.search().unwrap_err().field, "as of");
        assert!(!query.names_record());
    }
}
