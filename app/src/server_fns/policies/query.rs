use tidemark_domain::{
    AccountId, Invalid, Region, RoleArn,
    policy::{AccessChange, AccessRequest, AccessTask},
    records::BucketName,
    runs::RunId,
    strict,
};

use crate::query::{Query, pairs};

/// What the page is to show beside the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// Nothing more.
    Look,
    /// The plan of a change.
    Plan,
    /// Whether roles have access now.
    Check,
}

/// Who may use a bucket, as the page's address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccessQuery {
    fields: Vec<(String, String)>,
}

impl AccessQuery {
    /// The path of the page.
    pub const PATH: &'static str = "/buckets/access";

    /// The names of the address.
    const NAMES: [&'static str; 13] = [
        "account",
        "region",
        "bucket",
        "do",
        "task",
        "role",
        "roles",
        "prefix",
        "run",
        "from_account",
        "from_region",
        "stack",
        "text",
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
            .map_or("", |(_, value)| value.trim())
    }

    /// The same with other values for some fields; empty ones go.
    #[must_use]
    pub fn with(&self, changes: &[(&str, &str)]) -> Self {
        let mut fields: Vec<(String, String)> = self
            .fields
            .iter()
            .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name))
            .cloned()
            .collect();
        for (name, value) in changes {
            if !value.is_empty() {
                fields.push(((*name).to_owned(), (*value).to_owned()));
            }
        }
        Self { fields }
    }

    /// The query string.
    pub fn query(&self) -> Query {
        let mut query = Query::default();
        for (name, value) in &self.fields {
            query.push(name, value);
        }
        query
    }

    /// The address of the page.
    pub fn href(&self) -> String {
        self.query().on(Self::PATH)
    }

    /// Which bucket is looked at; none while it is not said.
    pub fn bucket(&self) -> Result<Option<(AccountId, Region, BucketName)>, Invalid> {
        strict::known_names(
            self.fields.iter().map(|(name, _)| name.as_str()),
            &Self::NAMES,
        )?;
        if self.value("bucket").is_empty() {
            return Ok(None);
        }
        Ok(Some((
            AccountId::parse(self.value("account")).map_err(|e| e.in_field("account"))?,
            Region::parse(self.value("region")).map_err(|e| e.in_field("region"))?,
            BucketName::parse(self.value("bucket"))?,
        )))
    }

    /// What is to be shown beside the policy.
    pub fn doing(&self) -> Doing {
        match self.value("do") {
            "" => Doing::Look,
            "check" => Doing::Check,
            _ => Doing::Plan,
        }
    }

    /// Whether somebody looks for roles.
    pub fn looks_for_roles(&self) -> bool {
        !self.value("from_account").is_empty()
    }

    /// The roles that were ticked or typed, each once, as they were written.
    pub fn roles(&self) -> Vec<String> {
        let mut roles: Vec<String> = Vec::new();
        for (name, value) in &self.fields {
            if name == "role" || name == "roles" {
                for role in value.split([',', '\n', '\r', ' ', '\t']) {
                    if !role.is_empty() && !roles.iter().any(|have| have == role) {
                        roles.push(role.to_owned());
                    }
                }
            }
        }
        roles
    }

    /// The request that this amounts to.
    pub fn request(&self) -> Result<AccessRequest, Invalid> {
        let (account, region, bucket) = self
            .bucket()?
            .ok_or_else(|| Invalid::new("bucket", "must be given"))?;
        let base = AccessRequest {
            account,
            region,
            bucket,
            change: AccessChange::Grant,
            task: None,
            roles: Vec::new(),
            prefix: String::new(),
        };
        let change = match self.value("do") {
            "grant" | "check" => AccessChange::Grant,
            "revoke" => AccessChange::Revoke,
            "return" => {
                let run: RunId = self
                    .value("run")
                    .parse()
                    .map_err(|_| Invalid::new("run", "must be the id of a run"))?;
                return Ok(AccessRequest {
                    change: AccessChange::Return { run },
                    ..base
                });
            }
            _ => return Err(Invalid::new("do", "must be grant, revoke, return or check")),
        };
        let task = self.value("task");
        let task = AccessTask::parse(task).ok_or_else(|| {
            let all = AccessTask::ALL.map(AccessTask::as_str).join(", ");
            Invalid::new("task", format!("must be one of {all}"))
        })?;
        let roles = self.roles();
        let roles = roles
            .iter()
            .map(|role| RoleArn::parse(role).map_err(|e| e.in_field("roles")))
            .collect::<Result<_, _>>()?;
        Ok(AccessRequest {
            change,
            task: Some(task),
            roles,
            prefix: self.value("prefix").to_owned(),
            ..base
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    const PLACE: &str = "account=111122223333&region=eu-central-1&bucket=volumes-1";
    const ROLE: &str = "arn:aws:iam::222233334444:role/lb/InstanceRole-1";

    #[test]
    fn the_address_becomes_the_request() {
        let query = AccessQuery::parse(&format!(
            "{PLACE}&do=grant&task=block_storage&role={ROLE}&roles={ROLE}%0D%0A+arn:aws:iam::222233334444:role/L&prefix=a/b"
        ));
        let request = query.request().unwrap();
        assert_eq!(request.task, Some(AccessTask::BlockStorage));
        assert_eq!(request.roles.len(), 2);
        assert_eq!(request.prefix, "a/b");
        assert_eq!(AccessQuery::parse(query.query().as_str()), query);
        let back = query.with(&[
            ("do", "return"),
            ("run", "0192f0c1-2a3b-7c4d-8e5f-0123456789ab"),
        ]);
        let request = back.request().unwrap();
        assert!(matches!(request.change, AccessChange::Return { .. }));
        assert!(request.roles.is_empty() && request.task.is_none());
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        for (rest, field) in [
            ("&do=grant&task=all", "task"),
            ("&do=grant&task=block_storage&role=x", "roles"),
            ("&do=return&run=x", "run"),
            ("&do=burn", "do"),
            ("&buckt=x", "buckt"),
        ] {
            let query = AccessQuery::parse(&format!("{PLACE}{rest}"));
            assert_eq!(query.request().unwrap_err().field, field, "{rest}");
        }
        assert_eq!(
            AccessQuery::parse("account=1&region=x").bucket().unwrap(),
            None
        );
        let wrong = AccessQuery::parse("account=1&region=eu-west-1&bucket=volumes");
        assert_eq!(wrong.bucket().unwrap_err().field, "account");
    }
}
