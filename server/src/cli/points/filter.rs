use clap::Args;
use jiff::{SignedDuration, Timestamp};
use tidemark_domain::{
    AccountId, Arn, Invalid, PointFilter, PointSource, Region, ResourceType, Tier,
};

use crate::cli::CliError;

/// Which recovery points.
#[derive(Clone, Debug, Args)]
pub(super) struct Which {
    /// Only points of this resource
    #[arg(long, value_name = "ARN")]
    resource: Option<String>,
    /// Only points in this account
    #[arg(long)]
    account: Option<String>,
    /// Only points in this Region
    #[arg(long)]
    region: Option<String>,
    /// Only points in vaults of this name
    #[arg(long)]
    vault: Option<String>,
    /// Only points of this type, as AWS Backup names it
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<String>,
    /// Only points in this status
    #[arg(long)]
    status: Option<String>,
    /// warm or cold
    #[arg(long)]
    tier: Option<String>,
    /// `aws_backup`, `continuous`, `dynamo_db_backup`, `dynamo_db_system` or `memory_db_snapshot`
    #[arg(long)]
    source: Option<String>,
    /// Only points that this plan made
    #[arg(long, value_name = "PLAN-ID")]
    plan: Option<String>,
    /// Part of the resource's name or ARN, or the ARN of a point
    #[arg(long)]
    text: Option<String>,
    /// Tag of the resource: key, or key=value
    #[arg(long)]
    tag: Option<String>,
    /// Only points under a legal hold, or only the others
    #[arg(long)]
    held: Option<bool>,
    /// Only points in locked vaults, or only the others
    #[arg(long)]
    locked: Option<bool>,
    /// Only points made more than so many days ago
    #[arg(long, value_name = "DAYS")]
    older_than: Option<u32>,
    /// Only points made in the last so many days
    #[arg(long, value_name = "DAYS")]
    newer_than: Option<u32>,
}

impl Which {
    /// The filter that this amounts to.
    pub(super) fn filter(&self, now: Timestamp) -> Result<PointFilter, CliError> {
        let ago = |days: Option<u32>| {
            days.map(|days| {
                now.checked_sub(SignedDuration::from_hours(24 * i64::from(days)))
                    .map_err(|_| Invalid::new("days", "reach back before the year -9999"))
            })
            .transpose()
        };
        Ok(PointFilter {
            resource: self.resource.as_deref().map(Arn::parse).transpose()?,
            account: self.account.as_deref().map(AccountId::parse).transpose()?,
            region: self.region.as_deref().map(Region::parse).transpose()?,
            vault: self.vault.clone(),
            resource_type: self.kind.as_deref().map(ResourceType::from),
            status: self.status.as_deref().map(str::to_uppercase),
            tier: self
                .tier
                .as_deref()
                .map(|word| {
                    Tier::parse(word).ok_or_else(|| Invalid::new("tier", "must be warm or cold"))
                })
                .transpose()?,
            source: self
                .source
                .as_deref()
                .map(|word| {
                    PointSource::parse(word)
                        .ok_or_else(|| Invalid::new("source", "is not one that there is"))
                })
                .transpose()?,
            plan: self.plan.clone(),
            text: self.text.clone(),
            tag: self.tag.clone(),
            held: self.held,
            locked: self.locked,
            from: ago(self.newer_than)?,
            until: ago(self.older_than)?,
            ..PointFilter::default()
        })
    }
}
