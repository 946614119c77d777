use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    Arn, BackupRequest, PutBack, ResourceType, RestoreRequest, RestoreSource, TableSettings,
};
use tidemark_services::restore;
use tidemark_testkit::build;

use super::{Filled, Form, Visit, target_name};
use crate::{
    oracle::{Wants, reason},
    profile::Deed,
    world::Table,
};

impl Visit<'_> {
    /// Goes through the restore wizard up to its review.
    pub(super) async fn restore(&self, deed: Deed) -> Option<Filled> {
        let (resource, source, wants) = match deed {
            Deed::RestoreOther => self.other_point()?,
            _ => self.table_source(deed)?,
        };
        let ask = self
            .world
            .oracle
            .ask(&self.person.caller.name, wants.clone());
        let metadata = match &source {
            RestoreSource::RecoveryPoint { .. } => self.metadata(&resource, &source).await?,
            _ => BTreeMap::new(),
        };
        let (target_table, put_back) = match &wants {
            Wants::Table { name, settings, .. } => (Some(name.clone()), chosen(settings)),
            _ => (None, BTreeSet::new()),
        };
        let request = RestoreRequest {
            resource,
            source,
            target_table,
            metadata,
            service_role: None,
            put_back,
            tags: None,
            confirmation: None,
            reason: reason(ask),
        };
        let (caller, shown) = (self.person.caller.clone(), request.clone());
        let plan = self
            .ask(move |services| async move { restore::plan(&services, &caller, shown).await })
            .await?;
        match plan {
            Ok(plan) => Some(Filled {
                ask,
                form: Form::Restore(request, plan.digest),
            }),
            Err(error) => {
                self.refused(ask, &error);
                None
            }
        }
    }

    /// A table, what it is restored from, and what must come of that.
    fn table_source(&self, deed: Deed) -> Option<(Arn, RestoreSource, Wants)> {
        let table = self.dice().pick(&self.world.estate.tables)?;
        let (source, items) = match deed {
            Deed::RestoreSecond => self.second(table)?,
            Deed::RestoreBackup => {
                let arn = table.backup.clone();
                let items = *self.world.estate.items.get(&arn)?;
                (RestoreSource::DynamoDbBackup { arn }, items)
            }
            _ => self.table_point(table)?,
        };
        let name = target_name(self.dice().below(self.world.profile.names));
        let wants = Wants::Table {
            scope: table.scope.clone(),
            name,
            items,
            settings: self.some_of(&table.settings),
        };
        Some((build::table_arn(&table.scope, &table.name), source, wants))
    }

    fn second(&self, table: &Table) -> Option<(RestoreSource, i64)> {
        let age = (SignedDuration::from_mins(1), SignedDuration::from_hours(24));
        let at = self.world.time.now() - self.dice().duration(age.0, age.1);
        let at = Timestamp::from_second(at.as_second()).ok()?;
        let items = self.world.aws.items_at(&table.scope, &table.name, at)?;
        Some((RestoreSource::PointInTime { at }, items))
    }

    fn table_point(&self, table: &Table) -> Option<(RestoreSource, i64)> {
        let of = build::table_arn(&table.scope, &table.name);
        let estate = &self.world.estate;
        let points: Vec<_> = estate
            .points
            .iter()
            .filter(|point| point.resource_arn == of && point.vault.is_some())
            .collect();
        let point = self.dice().pick(&points)?;
        let source = RestoreSource::RecoveryPoint {
            arn: point.arn.clone(),
            vault: point.vault.clone()?,
        };
        Some((source, *estate.items.get(&point.arn)?))
    }

    fn other_point(&self) -> Option<(Arn, RestoreSource, Wants)> {
        let of_type = |kind: &ResourceType| *kind != ResourceType::DynamoDb;
        let points = self.world.estate.points.iter();
        let points: Vec<_> = points
            .filter(|point| of_type(&point.resource_type))
            .collect();
        let point = self.dice().pick(&points)?;
        let scope = tidemark_domain::Scope {
            account: point.account.clone(),
            region: point.region.clone(),
        };
        let source = RestoreSource::RecoveryPoint {
            arn: point.arn.clone(),
            vault: point.vault.clone()?,
        };
        let from = point.arn.clone();
        let wants = Wants::Resource { scope, from };
        Some((point.resource_arn.clone(), source, wants))
    }

    async fn metadata(
        &self,
        resource: &Arn,
        source: &RestoreSource,
    ) -> Option<BTreeMap<String, String>> {
        let caller = self.person.caller.clone();
        let (resource, source) = (resource.clone(), source.clone());
        let prefill = self
            .ask(move |services| async move {
                restore::prefill(&services, &caller, &resource, &source).await
            })
            .await?;
        prefill.ok().map(|prefill| prefill.metadata)
    }

    /// Some of a table's settings.
    fn some_of(&self, all: &TableSettings) -> TableSettings {
        let keep = || self.dice().chance(0.5);
        TableSettings {
            stream_view: all.stream_view.clone().filter(|_| keep()),
            ttl_attribute: all.ttl_attribute.clone().filter(|_| keep()),
            tags: if keep() {
                all.tags.clone()
            } else {
                BTreeMap::new()
            },
            pitr_days: all.pitr_days.filter(|_| keep()),
            scaling: Vec::new(),
            deletion_protection: all.deletion_protection && keep(),
        }
    }

    /// A backup of a table or of something else.
    pub(super) fn backup(&self) -> Option<Filled> {
        let estate = &self.world.estate;
        let tables = estate.tables.iter();
        let tables = tables.map(|t| (t.scope.clone(), build::table_arn(&t.scope, &t.name)));
        let all: Vec<_> = tables.chain(estate.others.iter().cloned()).collect();
        let (scope, resource) = self.dice().pick(&all)?.clone();
        let vault = "Default".to_owned();
        let wants = Wants::Backups {
            scope,
            of: BTreeSet::from([resource.clone()]),
            into: vault.clone(),
        };
        let ask = self.world.oracle.ask(&self.person.caller.name, wants);
        let request = BackupRequest {
            resource,
            vault,
            delete_after_days: Some(30),
            cold_after_days: None,
            service_role: None,
            reason: reason(ask),
        };
        Some(Filled {
            ask,
            form: Form::Backup(request),
        })
    }
}

/// The boxes that are ticked so that these settings are put back.
fn chosen(settings: &TableSettings) -> BTreeSet<PutBack> {
    let boxes = [
        (PutBack::Stream, settings.stream_view.is_some()),
        (PutBack::TimeToLive, settings.ttl_attribute.is_some()),
        (PutBack::Tags, !settings.tags.is_empty()),
        (PutBack::PointInTimeRecovery, settings.pitr_days.is_some()),
        (PutBack::DeletionProtection, settings.deletion_protection),
    ];
    let ticked = boxes.into_iter().filter(|(_, on)| *on);
    ticked.map(|(what, _)| what).collect()
}
