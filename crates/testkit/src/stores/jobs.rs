use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use jiff::Timestamp;
use tidemark_domain::{Job, JobCause, JobFilter, JobOutcome};

use super::{insight::is_of, known::Data};

/// Jobs that match, newest first.
pub(super) fn found(data: &Data, filter: &JobFilter) -> Vec<Job> {
    let text = filter.text.as_deref().unwrap_or_default().trim();
    let text = text.to_lowercase();
    let holds = |job: &Job| {
        let in_arn = job.resource_arn.as_ref().map(ToString::to_string);
        [in_arn, job.message.clone()]
            .into_iter()
            .any(|held| held.unwrap_or_default().to_lowercase().contains(&text))
    };
    let mut jobs: Vec<Job> = data
        .jobs
        .values()
        .filter(|job| {
            filter.kind.is_none_or(|kind| kind == job.kind)
                && filter
                    .outcome
                    .is_none_or(|outcome| outcome.statuses().contains(&job.status.as_str()))
                && filter.account.as_ref().is_none_or(|a| *a == job.account)
                && filter.region.as_ref().is_none_or(|r| *r == job.region)
                && filter.since.is_none_or(|since| job.created_at >= since)
                && of_owner(data, job, filter.owner.as_deref())
                && holds(job)
        })
        .cloned()
        .collect();
    jobs.sort_by_key(|job| Reverse((job.created_at, job.id.clone())));
    jobs
}

/// What failed since then, by AWS's own words.
pub(super) fn causes(
    data: &Data,
    since: Timestamp,
    owner: Option<&str>,
    limit: u16,
) -> Vec<JobCause> {
    let filter = JobFilter {
        outcome: Some(JobOutcome::Failed),
        since: Some(since),
        owner: owner.map(str::to_owned),
        ..JobFilter::default()
    };
    let mut groups: BTreeMap<_, Vec<Job>> = BTreeMap::new();
    for job in found(data, &filter) {
        let words = (job.kind.as_str(), job.status.clone(), job.message.clone());
        groups.entry(words).or_default().push(job);
    }
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let mut causes: Vec<JobCause> = groups
        .into_values()
        .filter_map(|jobs| {
            let newest = jobs.first()?;
            let resources: BTreeSet<_> =
                jobs.iter().filter_map(|j| j.resource_arn.clone()).collect();
            let accounts: BTreeSet<_> = jobs.iter().map(|job| &job.account).collect();
            Some(JobCause {
                kind: newest.kind,
                status: newest.status.clone(),
                message: newest.message.clone(),
                jobs: count(jobs.len()),
                resources: count(resources.len()),
                accounts: count(accounts.len()),
                last: newest.created_at,
                example: resources.last().cloned(),
            })
        })
        .collect();
    causes.sort_by_key(|cause| Reverse((cause.jobs, cause.last)));
    causes.truncate(usize::from(limit));
    causes
}

fn of_owner(data: &Data, job: &Job, owner: Option<&str>) -> bool {
    owner.is_none()
        || job
            .resource_arn
            .as_ref()
            .and_then(|arn| data.resources.get(arn))
            .is_some_and(|resource| is_of(resource, owner))
}
