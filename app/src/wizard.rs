//! The restore wizard's state. It lives in the address alone: a half-filled wizard can be sent to
//! somebody, reloaded, and gone back in, and nothing of it is lost.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use tidemark_domain::{
    Arn, Invalid, PutBack, RecoveryPoint, ResourceType, RestoreRequest, RestoreSource, TableName,
    restore::check_tags,
};

use crate::{
    format::{date_and_time, parse_date_and_time},
    query::{Query, pairs},
};

/// The page of the wizard.
pub const PATH: &str = "/restore";

/// A stage of the wizard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Which resource.
    What,
    /// Which point or second.
    When,
    /// Into what.
    Where,
    /// With what.
    Options,
    /// What will happen.
    Review,
}

impl Step {
    /// Every stage in order.
    pub const ALL: [Self; 5] = [
        Self::What,
        Self::When,
        Self::Where,
        Self::Options,
        Self::Review,
    ];

    /// The name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::What => "what",
            Self::When => "when",
            Self::Where => "where",
            Self::Options => "options",
            Self::Review => "review",
        }
    }

    /// The heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::What => "What",
            Self::When => "When",
            Self::Where => "Where",
            Self::Options => "Options",
            Self::Review => "Checks and review",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.as_str() == text)
    }
}

/// Everything that was entered, as it was entered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wizard {
    /// ARN of the resource.
    pub arn: String,
    /// ARN of the recovery point; empty for a second of the window.
    pub point: String,
    /// The point's vault; empty for a DynamoDB backup made outside AWS Backup.
    pub vault: String,
    /// Id of the record-level backup whose second is chosen; empty for the table's own window.
    pub capture: String,
    /// Just the records of this partition; empty for all. Of a record-level backup only.
    pub partition: String,
    /// A second of the window: its date, in UTC.
    pub date: String,
    /// A second of the window: its time of day, in UTC.
    pub time: String,
    /// Name of the new table.
    pub table: String,
    /// Restore metadata; none as long as what AWS proposes was not edited.
    pub metadata: Option<BTreeMap<String, String>>,
    /// The role that AWS Backup assumes.
    pub role: String,
    /// What to put back; none as long as nothing was chosen, which means everything.
    pub put_back: Option<BTreeSet<PutBack>>,
    /// The tags to put back instead of the source's, `key=value` by line; empty for the source's.
    pub tags: String,
    /// Why.
    pub reason: String,
    /// The stage asked for.
    pub step: Option<Step>,
    /// The page of the list of points.
    pub cursor: String,
    /// The first name of the address that nobody knows.
    pub unknown: Option<String>,
}

impl Wizard {
    /// The names of the address that are offered where one is misspelt, beside `meta.` and the name of a
    /// member of the restore metadata.
    pub const NAMES: [&'static str; 19] = [
        "arn",
        "point",
        "vault",
        "capture",
        "partition",
        "date",
        "time",
        "table",
        "role",
        "reason",
        "step",
        "cursor",
        "tags",
        "tags_from",
        "edited",
        "chosen",
        "put",
        "key",
        "value",
    ];

    /// A wizard for a resource.
    pub fn of(arn: &Arn) -> Self {
        Self {
            arn: arn.to_string(),
            ..Self::default()
        }
    }

    /// The same wizard with a recovery point chosen.
    #[must_use]
    pub fn from_point(mut self, point: &RecoveryPoint) -> Self {
        self.point = point.arn.to_string();
        self.vault = point.vault.clone().unwrap_or_default();
        self.capture.clear();
        self.partition.clear();
        self.date.clear();
        self.time.clear();
        self.metadata = None;
        self.role.clear();
        self.step = None;
        self
    }

    /// The same wizard with a second chosen.
    #[must_use]
    pub fn from_second(mut self, at: Timestamp) -> Self {
        (self.date, self.time) = date_and_time(at);
        self.point.clear();
        self.vault.clear();
        self.capture.clear();
        self.partition.clear();
        self.step = None;
        self
    }

    /// The same wizard with a record-level backup chosen, and a second of it.
    #[must_use]
    pub fn from_records(self, capture: &str, at: Timestamp) -> Self {
        let mut wizard = self.from_second(at);
        capture.clone_into(&mut wizard.capture);
        wizard
    }

    /// The same wizard at another stage.
    #[must_use]
    pub fn at(mut self, step: Step) -> Self {
        self.step = Some(step);
        self
    }

    /// Reads a query string. What it does not know it leaves out.
    pub fn parse(query: &str) -> Self {
        let mut wizard = Self::default();
        let mut extra = (String::new(), String::new());
        let mut tags_from = String::new();
        for (name, value) in pairs(query) {
            match name.as_str() {
                "arn" => wizard.arn = value,
                "point" => wizard.point = value,
                "vault" => wizard.vault = value,
                "capture" => wizard.capture = value,
                "partition" => wizard.partition = value,
                "date" => wizard.date = value,
                "time" => wizard.time = value,
                "table" => wizard.table = value,
                "role" => wizard.role = value,
                "reason" => wizard.reason = value,
                "step" => wizard.step = Step::parse(&value),
                "cursor" => wizard.cursor = value,
                "tags" => wizard.tags = value,
                "tags_from" => tags_from = value,
                "edited" => drop(wizard.metadata.get_or_insert_default()),
                "chosen" => drop(wizard.put_back.get_or_insert_default()),
                "put" => wizard
                    .put_back
                    .get_or_insert_default()
                    .extend(PutBack::parse(&value)),
                "key" => value.trim().clone_into(&mut extra.0),
                "value" => extra.1 = value,
                _ => {
                    if let Some(key) = name.strip_prefix("meta.") {
                        wizard
                            .metadata
                            .get_or_insert_default()
                            .insert(key.to_owned(), value);
                    } else {
                        wizard.unknown.get_or_insert(name);
                    }
                }
            }
        }
        if !extra.0.is_empty() {
            wizard
                .metadata
                .get_or_insert_default()
                .insert(extra.0, extra.1);
        }
        wizard.choose_tags(&tags_from);
        wizard
    }

    /// Settles the choice of tags that the review's form makes; any other text leaves it as it is.
    fn choose_tags(&mut self, from: &str) {
        match from {
            "source" => {
                self.tags.clear();
                if let Some(chosen) = &mut self.put_back {
                    chosen.insert(PutBack::Tags);
                }
            }
            "none" => {
                self.tags.clear();
                self.put_back
                    .get_or_insert_with(|| PutBack::ALL.into_iter().collect())
                    .remove(&PutBack::Tags);
            }
            "edited" if self.tags.trim().is_empty() => self.choose_tags("none"),
            "edited" => {
                if let Some(chosen) = &mut self.put_back {
                    chosen.insert(PutBack::Tags);
                }
            }
            _ => {}
        }
    }

    /// The tags to put back instead of the source's, where some were entered and tags are put back.
    fn chosen_tags(&self) -> Result<Option<BTreeMap<String, String>>, Invalid> {
        let puts_tags = self
            .put_back
            .as_ref()
            .is_none_or(|chosen| chosen.contains(&PutBack::Tags));
        if self.tags.trim().is_empty() || !puts_tags {
            return Ok(None);
        }
        let mut tags = BTreeMap::new();
        for line in self
            .tags
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
        {
            let (key, value) = line.split_once('=').ok_or_else(|| {
                Invalid::new(
                    "tags",
                    format!("must be key=value, one a line, unlike {line}"),
                )
            })?;
            if tags
                .insert(key.trim().to_owned(), value.trim().to_owned())
                .is_some()
            {
                return Err(Invalid::new("tags", format!("must name {key} once")));
            }
        }
        check_tags(&tags)?;
        Ok(Some(tags))
    }

    /// The query string; [`Wizard::parse`] reads it back.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        for (name, value) in self.fields(None) {
            query.push(&name, &value);
        }
        query.push("step", self.step.map_or("", Step::as_str));
        query.push("cursor", &self.cursor);
        query
    }

    /// The address.
    pub fn href(&self) -> String {
        self.query().on(PATH)
    }

    /// Names and values of everything but what the stage `but` asks for: the hidden fields of its form.
    pub fn fields(&self, but: Option<Step>) -> Vec<(String, String)> {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut push = |step: Step, name: &str, value: &str| {
            if but != Some(step) && !value.is_empty() {
                fields.push((name.to_owned(), value.to_owned()));
            }
        };
        push(Step::What, "arn", &self.arn);
        push(Step::When, "point", &self.point);
        push(Step::When, "vault", &self.vault);
        push(Step::When, "capture", &self.capture);
        push(Step::When, "partition", &self.partition);
        push(Step::When, "date", &self.date);
        push(Step::When, "time", &self.time);
        push(Step::Where, "table", &self.table);
        if let Some(metadata) = &self.metadata {
            push(Step::Where, "edited", "1");
            for (key, value) in metadata {
                push(Step::Where, &format!("meta.{key}"), value);
            }
        }
        push(Step::Options, "role", &self.role);
        if let Some(put_back) = &self.put_back {
            push(Step::Options, "chosen", "1");
            for what in put_back {
                push(Step::Options, "put", what.as_str());
            }
        }
        push(Step::Options, "reason", &self.reason);
        push(Step::Options, "tags", &self.tags);
        fields
    }

    /// The ARN of the resource.
    pub fn resource(&self) -> Result<Arn, Invalid> {
        Arn::parse(&self.arn).map_err(|e| e.in_field("resource"))
    }

    /// Whether a DynamoDB table is restored, which takes a name; everything else takes metadata.
    pub fn is_table(&self) -> bool {
        self.resource().is_ok_and(|arn| arn.service() == "dynamodb")
    }

    /// What to restore from.
    pub fn source(&self) -> Result<RestoreSource, Invalid> {
        if self.point.is_empty() {
            return parse_date_and_time(&self.date, &self.time)
                .map(|at| self.second(at))
                .ok_or_else(|| {
                    Invalid::new(
                        "time",
                        "must be a date and a time of day, such as 2026-11-21 and 14:04:31",
                    )
                });
        }
        let arn = Arn::parse(&self.point).map_err(|e| e.in_field("recovery point"))?;
        Ok(if self.vault.is_empty() {
            RestoreSource::DynamoDbBackup { arn }
        } else {
            RestoreSource::RecoveryPoint {
                arn,
                vault: self.vault.clone(),
            }
        })
    }

    fn second(&self, at: Timestamp) -> RestoreSource {
        if self.capture.is_empty() {
            return RestoreSource::PointInTime { at };
        }
        RestoreSource::Records {
            capture: self.capture.clone(),
            at,
            partition: Some(self.partition.clone()).filter(|text| !text.is_empty()),
        }
    }

    fn check(&self, step: Step) -> Result<(), Invalid> {
        match step {
            Step::What => self.resource().map(drop),
            Step::When => self.source().map(drop),
            Step::Where if self.is_table() => TableName::parse(&self.table).map(drop),
            Step::Options if self.reason.chars().count() > 500 => {
                Err(Invalid::new("reason", "must have at most 500 characters"))
            }
            Step::Options if self.is_table() => self.chosen_tags().map(drop),
            Step::Where | Step::Options | Step::Review => Ok(()),
        }
    }

    /// The stage to show, and what keeps the wizard from the stage that was asked for.
    ///
    /// Without a stage asked for, it is the first that is not settled.
    pub fn stage(&self) -> (Step, Option<Invalid>) {
        for step in Step::ALL {
            if self.step == Some(step) {
                return (step, None);
            }
            if let Err(problem) = self.check(step) {
                return (step, self.step.is_some().then_some(problem));
            }
            if self.step.is_none() && !self.has_seen(step) {
                return (step, None);
            }
        }
        (Step::Review, None)
    }

    /// Whether a stage that needs no input was passed.
    fn has_seen(&self, step: Step) -> bool {
        match step {
            Step::What | Step::When | Step::Review => true,
            Step::Where => self.is_table() || self.metadata.is_some(),
            Step::Options => self.put_back.is_some() || !self.role.is_empty(),
        }
    }

    /// Whether the stages before `step` are settled, so that it can be gone to.
    pub fn reaches(&self, step: Step) -> bool {
        Step::ALL
            .into_iter()
            .take_while(|earlier| *earlier < step)
            .all(|earlier| self.check(earlier).is_ok())
    }

    /// The request that this amounts to. `proposed` is what AWS proposes as metadata, for a wizard
    /// that did not edit it; `available` is what can be put back, for one that did not choose.
    pub fn request(
        &self,
        proposed: BTreeMap<String, String>,
        available: impl IntoIterator<Item = PutBack>,
    ) -> Result<RestoreRequest, Invalid> {
        let is_table = self.is_table();
        Ok(RestoreRequest {
            resource: self.resource()?,
            source: self.source()?,
            target_table: is_table.then(|| self.table.trim().to_owned()),
            metadata: if is_table {
                BTreeMap::new()
            } else {
                self.metadata.clone().unwrap_or(proposed)
            },
            service_role: Some(self.role.trim().to_owned()).filter(|role| !role.is_empty()),
            put_back: match &self.put_back {
                Some(chosen) => chosen.clone(),
                None => available.into_iter().collect(),
            },
            tags: if is_table { self.chosen_tags()? } else { None },
            confirmation: None,
            reason: self.reason.trim().to_owned(),
        })
    }

    /// The wizard that leads to a request: for going through it again.
    pub fn of_request(request: &RestoreRequest) -> Self {
        let mut wizard = Self {
            table: request.target_table.clone().unwrap_or_default(),
            metadata: Some(request.metadata.clone()).filter(|m| !m.is_empty()),
            role: request.service_role.clone().unwrap_or_default(),
            put_back: Some(request.put_back.clone()),
            tags: tag_lines(request.tags.iter().flatten()),
            reason: request.reason.clone(),
            ..Self::of(&request.resource)
        };
        match &request.source {
            RestoreSource::RecoveryPoint { arn, vault } => {
                wizard.point = arn.to_string();
                wizard.vault.clone_from(vault);
            }
            RestoreSource::DynamoDbBackup { arn } => wizard.point = arn.to_string(),
            RestoreSource::PointInTime { at } => (wizard.date, wizard.time) = date_and_time(*at),
            RestoreSource::Records {
                capture,
                at,
                partition,
            } => {
                (wizard.date, wizard.time) = date_and_time(*at);
                wizard.capture.clone_from(capture);
                wizard.partition = partition.clone().unwrap_or_default();
            }
        }
        wizard
    }
}

/// Tags as the form takes them: `key=value` by line.
pub fn tag_lines<'a>(tags: impl IntoIterator<Item = (&'a String, &'a String)>) -> String {
    let lines: Vec<String> = tags
        .into_iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    lines.join("\n")
}

/// Whether resources of this type are restored under a name, like tables, or by metadata.
pub fn by_metadata(kind: &ResourceType) -> bool {
    *kind != ResourceType::DynamoDb
}

#[cfg(test)]
mod tests;
