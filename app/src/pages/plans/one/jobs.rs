use leptos::prelude::*;
use tidemark_domain::Job;

use super::resource_link;
use crate::components::{Column, JobBadge, Moment, Style, Table};

/// The newest jobs of a plan.
pub(super) fn jobs(jobs: Vec<Job>) -> impl IntoView {
    let body = if jobs.is_empty() {
        view! { <p class="muted">"None of the last 30 days is known."</p> }.into_any()
    } else {
        let rows = jobs.into_iter().take(20).map(row).collect_view();
        view! {
            <Table
                label="Newest jobs"
                columns=vec![
                    Column::text("Resource"),
                    Column::text("Status"),
                    Column::text("When"),
                    Column::text("Reason"),
                ]
            >
                {rows}
            </Table>
        }
        .into_any()
    };
    view! {
        <section aria-labelledby="jobs-title">
            <h2 id="jobs-title">"Newest jobs"</h2>
            {body}
        </section>
    }
}

fn row(job: Job) -> impl IntoView {
    let resource = job.resource_arn.map(|arn| {
        view! { <a href=resource_link(arn.as_str())>{arn.name().to_owned()}</a> }
    });
    view! {
        <tr>
            <td class="cell-name">{resource}</td>
            <td><JobBadge status=job.status/></td>
            <td><Moment at=job.created_at style=Style::Both/></td>
            <td class="cell-wide">{job.message}</td>
        </tr>
    }
}
