use tidemark_domain::{
    Arn, Invalid,
    records::{CaptureLayout, CaptureMode, SetupRequest},
    strict,
};

use crate::query::{Query, pairs};

/// A set-up as its address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SetupQuery {
    fields: Vec<(String, String)>,
}

impl SetupQuery {
    /// The path of the page.
    pub const PATH: &'static str = "/records/setup";

    /// The names of the address.
    const NAMES: [&'static str; 15] = [
        "table",
        "bucket",
        "create_bucket",
        "prefix",
        "layout",
        "mode",
        "replace_stream",
        "versioning",
        "encryption",
        "block_public_access",
        "deny_version_deletion",
        "break_glass_role",
        "lock_days",
        "capacity",
        "reason",
    ];

    /// Reads a query string.
    pub fn parse(query: &str) -> Self {
        Self {
            fields: pairs(query),
        }
    }

    /// What a field holds; empty where it is not there.
    pub fn value(&self, name: &str) -> &str {
        self.fields
            .iter()
            .rev()
            .find(|(field, _)| field == name)
            .map_or("", |(_, value)| value.as_str())
    }

    fn is_set(&self, name: &str) -> bool {
        matches!(self.value(name), "1" | "on" | "true")
    }

    /// The form was sent: there is something to look at.
    pub fn is_filled(&self) -> bool {
        !self.value("bucket").is_empty()
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        for (name, value) in &self.fields {
            query.push(name, value);
        }
        query
    }

    /// The request that this amounts to.
    pub fn request(&self) -> Result<SetupRequest, Invalid> {
        strict::known_names(
            self.fields.iter().map(|(name, _)| name.as_str()),
            &Self::NAMES,
        )?;
        let number = |field: &str, name: &str| match self.value(name).trim() {
            "" => Ok(None),
            text => text
                .parse::<u32>()
                .map(Some)
                .map_err(|_| Invalid::new(field, "must be a whole number")),
        };
        let layout = match self.value("layout") {
            "" => CaptureLayout::default(),
            word => CaptureLayout::parse(word)
                .ok_or_else(|| Invalid::new("layout", "must be segments or objects"))?,
        };
        let mode = match self.value("mode") {
            "" => CaptureMode::default(),
            word => CaptureMode::parse(word)
                .ok_or_else(|| Invalid::new("mode", "must be embedded, function or off"))?,
        };
        Ok(SetupRequest {
            table: Arn::parse(self.value("table"))?,
            bucket: self.value("bucket").trim().to_owned(),
            create_bucket: self.is_set("create_bucket"),
            prefix: self.value("prefix").trim().to_owned(),
            layout,
            mode,
            replace_stream: self.is_set("replace_stream"),
            versioning: self.is_set("versioning"),
            encryption: self.is_set("encryption"),
            block_public_access: self.is_set("block_public_access"),
            deny_version_deletion: self.is_set("deny_version_deletion"),
            break_glass_role: self.value("break_glass_role").trim().to_owned(),
            lock_days: number("days of lock", "lock_days")?,
            capacity: number("capacity", "capacity")?,
            reason: self.value("reason").trim().to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
    use super::*;

    const TABLE: &str = "table=arn%3Aaws%3Adynamodb%3Aeu-west-1%3A222222222222%3Atable%2Forders";

    #[test]
    fn the_request_is_what_the_form_says() {
        let query = SetupQuery::parse(&format!(
            "{TABLE}&bucket=b-1&create_bucket=1&versioning=on&layout=objects&lock_days=30&capacity="
        ));
        let request = query.request().unwrap();
        assert_eq!(request.table.name(), "orders");
        assert!(request.create_bucket && request.versioning && !request.encryption);
        assert_eq!(request.layout, CaptureLayout::Objects);
        assert_eq!((request.lock_days, request.capacity), (Some(30), None));
        assert!(query.is_filled());
        assert!(!SetupQuery::parse(TABLE).is_filled());
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let field = |more: &str| {
            SetupQuery::parse(&format!("{TABLE}&{more}"))
                .request()
                .unwrap_err()
                .field
        };
        assert_eq!(field("layout=x"), "layout");
        assert_eq!(field("mode=x"), "mode");
        assert_eq!(field("versionning=on"), "versionning");
        assert_eq!(field("lock_days=-1"), "days of lock");
    }
}
