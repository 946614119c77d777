use leptos::prelude::*;
use tidemark_domain::{Arn, Job, JobKind};

use crate::{
    components::{Column, Empty, JobBadge, Moment, Style, Table, load},
    server_fns::points::list_jobs,
};

/// What AWS tried lately, and what came of it.
pub(super) fn jobs_section(arn: &Arn) -> impl IntoView + use<> {
    let resource = arn.to_string();
    let jobs = Resource::new_blocking(|| (), move |()| list_jobs(resource.clone()));
    view! {
        <section aria-labelledby="jobs-title">
            <h2 id="jobs-title">"Jobs"</h2>
            {load(jobs, show)}
        </section>
    }
}

fn show(jobs: Vec<Job>) -> AnyView {
    if jobs.is_empty() {
        return view! {
            <Empty title="No job of the last 30 days is known">
                <p>"Backup, copy and restore jobs of AWS Backup appear here, also those that failed or were missed."</p>
            </Empty>
        }
        .into_any();
    }
    let rows = jobs.into_iter().map(row).collect_view();
    view! {
        <Table
            label="Jobs"
            columns=vec![
                Column::text("Asked for"),
                Column::text("Kind"),
                Column::text("Status"),
                Column::text("Ended"),
                Column::text("Message"),
            ]
        >
            {rows}
        </Table>
    }
    .into_any()
}

fn row(job: Job) -> impl IntoView {
    let kind = match job.kind {
        JobKind::Backup => "backup",
        JobKind::Copy => "copy",
        JobKind::Restore => "restore",
    };
    // AWS calls a backup expired that did not start within its window: here it was missed.
    let missed = (job.kind == JobKind::Backup && job.status == "EXPIRED")
        .then_some("Missed: it did not start within its window. ");
    view! {
        <tr>
            <td><Moment at=job.created_at style=Style::Both/></td>
            <td>{kind}</td>
            <td><JobBadge status=job.status/></td>
            <td>{job.completed_at.map(|at| view! { <Moment at/> })}</td>
            <td class="cell-wide">{missed}{job.message}</td>
        </tr>
    }
}
