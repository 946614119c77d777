use tidemark_domain::{
    Check, Existence, ResourceType, RestoreDestination, RestoreRequest, RestoreSource,
    restore::metadata::{self, Metadata, RestoreInto, Rules},
};

use super::source::Source;
use crate::{ServiceError, Services, calls::Call};

pub(super) const NAME: &str = "The name is free";

/// Where a restore puts the data, and what looking there showed.
pub(super) struct Looked {
    pub(super) destination: RestoreDestination,
    /// What becomes of one that exists: sentence parts.
    pub(super) into_existing: &'static str,
    pub(super) check: Check,
}

/// Reads the destination out of the request and looks whether it is there. Names of tables and buckets
/// are asked of AWS; of everything else the catalogue knows.
pub(super) async fn look(
    services: &Services,
    request: &RestoreRequest,
    source: &Source,
) -> Result<Looked, ServiceError> {
    let kind = &source.detail.resource.resource_type;
    let rules = metadata::rules(kind);
    let place = Place { source, rules };
    if let Some(name) = &request.target_table {
        return Ok(table(services, name, &place).await);
    }
    let proposed = match &request.source {
        RestoreSource::RecoveryPoint { arn, vault }
            if metadata::is_unfamiliar(kind, &request.metadata) =>
        {
            services
                .cloud
                .restore_metadata(&source.target, vault, arn)
                .await?
        }
        _ => Metadata::new(),
    };
    match metadata::read(kind, &request.metadata, &proposed)? {
        RestoreInto::Unnamed => {
            let noun = place.noun();
            let detail = format!("AWS gives the new {noun} an id of its own.");
            Ok(place.at(None, Existence::No, Check::pass(NAME, detail)))
        }
        RestoreInto::New(name) if *kind == ResourceType::S3 => {
            new_bucket(services, name, &place).await
        }
        RestoreInto::New(name) => new_named(services, name, &place).await,
        RestoreInto::Existing { noun, name } => existing(services, noun, name, &place).await,
        RestoreInto::Untold { name, why } => {
            let check = Check::warn(
                NAME,
                format!("It cannot be told whether this changes something that exists: {why}."),
                "Look in AWS at what the restore metadata name before you confirm it.",
            );
            Ok(place.at(name, Existence::Untold { why }, check))
        }
    }
}

/// The account and Region of a restore, and what is known of its type.
struct Place<'a> {
    source: &'a Source,
    rules: Option<&'static Rules>,
}

impl Place<'_> {
    fn noun(&self) -> &'static str {
        self.rules.map_or("resource", |rules| rules.noun)
    }

    fn at(&self, name: Option<String>, exists: Existence, check: Check) -> Looked {
        let source = self.source;
        let arn = name.as_deref().and_then(|name| {
            self.rules?.arn(
                source.detail.resource.arn.partition(),
                &source.account,
                &source.region,
                name,
            )
        });
        Looked {
            destination: RestoreDestination {
                account: source.account.clone(),
                alias: source.alias.clone(),
                region: source.region.clone(),
                resource_type: source.detail.resource.resource_type.clone(),
                noun: self.noun().to_owned(),
                name,
                arn,
                exists,
            },
            into_existing: self.rules.map_or("", |rules| rules.into_existing),
            check,
        }
    }

    /// The account and Region in which the catalogue has the one of that name; none when it has none.
    async fn known(
        &self,
        services: &Services,
        name: &str,
    ) -> Result<Option<(String, String)>, ServiceError> {
        let Some(arn) = self
            .at(Some(name.to_owned()), Existence::No, Check::pass(NAME, ""))
            .destination
            .arn
        else {
            return Ok(None);
        };
        let known = services.catalogue.resource(&arn).await?;
        Ok(known
            .filter(|detail| !detail.resource.deleted)
            .map(|detail| {
                (
                    detail.resource.account.to_string(),
                    detail.resource.region.to_string(),
                )
            }))
    }
}

async fn table(services: &Services, name: &str, place: &Place<'_>) -> Looked {
    let (exists, check) = match services.cloud.table(&place.source.target, name).await {
        Ok(None) => (
            Existence::No,
            Check::pass(NAME, format!("No table is called {name} there.")),
        ),
        Ok(Some(_)) => (
            Existence::Yes,
            Check::fail(
                NAME,
                format!("A table called {name} exists there already."),
                "Choose another name; a restore never overwrites a table.",
            ),
        ),
        Err(error) => (
            Existence::NotChecked,
            Check::unknown(
                NAME,
                format!("Could not be checked: {error}"),
                "The restore is refused by DynamoDB if the name is taken.",
            ),
        ),
    };
    place.at(Some(name.to_owned()), exists, check)
}

async fn new_bucket(
    services: &Services,
    name: String,
    place: &Place<'_>,
) -> Result<Looked, ServiceError> {
    let asked = services
        .cloud
        .bucket_exists(&place.source.target, &name)
        .await;
    let (exists, check) = match asked {
        Ok(false) => (
            Existence::No,
            Check::pass(NAME, format!("No bucket is called {name}.")),
        ),
        Ok(true) => (
            Existence::Yes,
            Check::warn(
                NAME,
                format!(
                    "A bucket called {name} exists already; names of buckets are unique in all of AWS."
                ),
                "Choose another name. Where the bucket is the account's own, the restore may fill it.",
            ),
        ),
        Err(_) if place.known(services, &name).await?.is_some() => (
            Existence::Yes,
            Check::warn(
                NAME,
                format!("A bucket called {name} exists already, as the last sync found."),
                "Choose another name.",
            ),
        ),
        Err(error) => (
            Existence::Untold {
                // Without the error's own words: they differ each time, and the digest holds this.
                why: format!("AWS could not be asked whether a bucket {name} exists"),
            },
            Check::unknown(
                NAME,
                format!("Could not be checked: {error}"),
                format!(
                    "Allow {} on the role to have this checked before.",
                    Call::GetBucketLocation.name()
                ),
            ),
        ),
    };
    Ok(place.at(Some(name), exists, check))
}

/// A name that AWS refuses while it is in use.
async fn new_named(
    services: &Services,
    name: String,
    place: &Place<'_>,
) -> Result<Looked, ServiceError> {
    let noun = place.noun();
    let (exists, check) = if place.known(services, &name).await?.is_some() {
        (
            Existence::Yes,
            Check::warn(
                NAME,
                format!("A {noun} called {name} exists there already, as the last sync found."),
                "Choose another name: AWS refuses one that is in use.",
            ),
        )
    } else if matches!(
        place.source.detail.resource.resource_type,
        ResourceType::Other(_)
    ) {
        (
            Existence::NotChecked,
            Check::unknown(
                NAME,
                format!("The inventory does not list every {noun}."),
                "AWS refuses the restore if the name is taken.",
            ),
        )
    } else {
        (
            Existence::No,
            Check::pass(
                NAME,
                format!(
                    "The inventory has no {noun} called {name} there; AWS refuses a name that is in use."
                ),
            ),
        )
    };
    Ok(place.at(Some(name), exists, check))
}

async fn existing(
    services: &Services,
    noun: &'static str,
    name: String,
    place: &Place<'_>,
) -> Result<Looked, ServiceError> {
    let source = place.source;
    let is_bucket = source.detail.resource.resource_type == ResourceType::S3;
    let known = if noun == place.noun() {
        place.known(services, &name).await?
    } else {
        None
    };
    let check = match known {
        Some((account, region))
            if account == source.account.as_str() && region == source.region.as_str() =>
        {
            Check::warn(
                NAME,
                format!("The {noun} {name} exists, and the restore changes it."),
                "Let the restore make something new instead, unless this is what you want.",
            )
        }
        Some((account, region)) => Check::fail(
            NAME,
            format!("The {noun} {name} is in account {account}, Region {region}."),
            "AWS Backup restores in the account and Region of the recovery point only: name one that is there, or let it make a new one.",
        ),
        None if is_bucket => match services.cloud.bucket_exists(&source.target, &name).await {
            Ok(false) => Check::fail(
                NAME,
                format!("There is no bucket {name}."),
                "Let NewBucket be true to have it made.",
            ),
            Ok(true) => Check::warn(
                NAME,
                format!(
                    "A bucket {name} exists, but the inventory does not have it in this account and Region."
                ),
                "It may be somebody else's. Let the restore make a new one instead.",
            ),
            Err(error) => Check::unknown(NAME, format!("Could not be checked: {error}"), ""),
        },
        None => Check::unknown(
            NAME,
            format!("The inventory does not have the {noun} {name} in this account and Region."),
            "If there is none, the job fails and nothing is changed.",
        ),
    };
    let mut looked = place.at(Some(name), Existence::Yes, check);
    if noun != looked.destination.noun {
        // What takes the data is of another kind than what was backed up: it has no such ARN.
        noun.clone_into(&mut looked.destination.noun);
        looked.destination.arn = None;
    }
    Ok(looked)
}
