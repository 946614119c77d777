use std::collections::BTreeSet;

use serde_json::{Map, Value, json};
use tidemark_domain::{AccountId, Invalid, Region};

use super::{Call, Need, On, When};
use crate::policy_size::{self, Fitted};

/// Where a policy's resources lie.
#[derive(Clone, Debug)]
struct Place {
    partition: String,
    account: AccountId,
    region: Region,
}

/// One action on resources.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Grant {
    pub(super) action: &'static str,
    pub(super) resources: Vec<String>,
    pub(super) on: On,
    pub(super) when: Option<When>,
    /// The run goes on without it.
    pub(super) spare: bool,
}

/// The inline session policy of a run or of somebody's look: it names calls and resources; the table
/// says which actions they are.
#[derive(Clone, Debug)]
pub struct SessionPolicy {
    place: Place,
    roles: BTreeSet<String>,
    new_table: Option<String>,
    spare: bool,
    grants: Vec<Grant>,
}

impl SessionPolicy {
    /// One that allows nothing yet.
    pub(crate) fn new(partition: &str, account: &AccountId, region: &Region) -> Self {
        Self {
            place: Place {
                partition: partition.to_owned(),
                account: account.clone(),
                region: region.clone(),
            },
            roles: BTreeSet::new(),
            new_table: None,
            spare: false,
            grants: Vec::new(),
        }
    }

    /// The roles that calls after this hand to AWS Backup.
    pub(crate) fn roles<'a>(mut self, roles: impl IntoIterator<Item = &'a str>) -> Self {
        self.roles.extend(roles.into_iter().map(str::to_owned));
        self
    }

    /// The table that calls after this make or fill.
    pub(crate) fn new_table(mut self, arn: Option<&str>) -> Self {
        self.new_table = arn.map(str::to_owned);
        self
    }

    /// What follows are calls that a run goes on without.
    pub(crate) fn spare(mut self) -> Self {
        self.spare = true;
        self
    }

    /// Allows calls on resources. What they need besides, on other things, is allowed with them.
    pub(crate) fn allow<R: AsRef<str>>(mut self, calls: &[Call], resources: &[R]) -> Self {
        let own: Vec<String> = resources.iter().map(|r| r.as_ref().to_owned()).collect();
        for need in calls.iter().flat_map(|call| call.needs()) {
            let resources = self.resources(need, &own);
            if resources.is_empty() {
                continue;
            }
            let grant = Grant {
                action: need.action,
                resources,
                on: need.on,
                when: need.when,
                spare: self.spare,
            };
            // What is needed always, or by what must not fail, stays so.
            let same = |have: &&mut Grant| {
                have.action == grant.action
                    && have.resources == grant.resources
                    && have.on.key_by_way_of() == grant.on.key_by_way_of()
            };
            match self.grants.iter_mut().find(same) {
                Some(have) => {
                    have.spare &= grant.spare;
                    if grant.when.is_none() {
                        have.when = None;
                    }
                }
                None => self.grants.push(grant),
            }
        }
        self
    }

    /// Allows calls that know no resources.
    pub(crate) fn allow_any(self, calls: &[Call]) -> Self {
        self.allow(calls, &["*"])
    }

    fn resources(&self, need: &Need, own: &[String]) -> Vec<String> {
        let Place {
            partition, account, ..
        } = &self.place;
        match need.on {
            // A key is whichever encrypts the data.
            On::Any | On::TableKey | On::TableKeyGrant | On::ObjectKey => vec!["*".to_owned()],
            On::ServiceRole => self.roles.iter().cloned().collect(),
            On::NewTable => self.new_table.iter().cloned().collect(),
            On::ScalingRole => vec![format!(
                "arn:{partition}:iam::{account}:role/{SCALING_ROLE}"
            )],
            On::Vault
            | On::VaultKey
            | On::LegalHold
            | On::Plan
            | On::RecoveryPoint
            | On::Table
            | On::TableBackup
            | On::Stream
            | On::AnyBucket
            | On::Bucket
            | On::Objects
            | On::BackupBucket
            | On::BackupObjects
            | On::SharedBucket
            | On::ProofList
            | On::ProofObjects
            | On::ProvedRole
            | On::Stack
            | On::Key
            | On::Role => own.to_vec(),
        }
    }

    pub(super) fn grants(&self) -> &[Grant] {
        &self.grants
    }

    pub(super) fn region(&self) -> &Region {
        &self.place.region
    }

    /// A key that a question can be asked of: a policy names whichever it is.
    pub(super) fn some_key(&self) -> String {
        let Place {
            partition,
            account,
            region,
        } = &self.place;
        format!("arn:{partition}:kms:{region}:{account}:key/x")
    }

    /// The policy document, word for word.
    pub(crate) fn text(&self) -> String {
        let mut statements: Vec<Statement> = Vec::new();
        let mut keys = Statement::default();
        let mut services = BTreeSet::new();
        for grant in &self.grants {
            // One statement for all keys: those of tables and those of objects are often the same.
            if let Some(service) = grant.on.key_by_way_of() {
                services.insert(format!("{service}.*"));
                keys.add(grant.action);
                continue;
            }
            let passes = grant.on == On::ServiceRole;
            let like = statements
                .iter_mut()
                .find(|have| have.resources == grant.resources && have.passes == passes);
            match like {
                Some(have) => have.add(grant.action),
                None => statements.push(Statement {
                    actions: vec![grant.action],
                    resources: grant.resources.clone(),
                    passes,
                }),
            }
        }
        let mut documents: Vec<Value> = statements.iter().map(Statement::document).collect();
        if !keys.actions.is_empty() {
            keys.resources = vec!["*".to_owned()];
            let mut document = keys.document();
            document["Condition"] = json!({"StringLike": {"kms:ViaService": services}});
            documents.push(document);
        }
        json!({"Version": "2012-10-17", "Statement": documents}).to_string()
    }

    /// The policy within what STS takes; refused where it cannot be made to fit.
    pub(crate) fn fit(&self) -> Result<Fitted, Invalid> {
        policy_size::fit(&self.text())
    }

    /// The same for what was found to fit before; else as it is, for AWS to refuse.
    pub(crate) fn fitted(&self) -> String {
        policy_size::shrunk(self.text())
    }
}

/// Path and name of the service-linked role by which auto scaling changes tables.
pub(crate) const SCALING_ROLE: &str = "aws-service-role/dynamodb.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_DynamoDBTable";

/// The service that may be handed a role.
pub(super) const PASSED_TO: &str = "backup.amazonaws.com";

#[derive(Default)]
struct Statement {
    actions: Vec<&'static str>,
    resources: Vec<String>,
    passes: bool,
}

impl Statement {
    fn add(&mut self, action: &'static str) {
        if !self.actions.contains(&action) {
            self.actions.push(action);
        }
    }

    fn document(&self) -> Value {
        let mut actions = self.actions.clone();
        actions.sort_unstable();
        let mut document = Map::new();
        document.insert("Effect".to_owned(), json!("Allow"));
        document.insert("Action".to_owned(), one_or_many(&actions));
        document.insert("Resource".to_owned(), one_or_many(&self.resources));
        if self.passes {
            let condition = json!({"StringEquals": {"iam:PassedToService": PASSED_TO}});
            document.insert("Condition".to_owned(), condition);
        }
        Value::Object(document)
    }
}

fn one_or_many<T: AsRef<str>>(texts: &[T]) -> Value {
    match texts {
        [one] => json!(one.as_ref()),
        many => json!(many.iter().map(AsRef::as_ref).collect::<Vec<&str>>()),
    }
}
