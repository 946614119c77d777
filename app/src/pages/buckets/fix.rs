use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{Privilege, buckets::SettingsPlan};

use super::bucket_href;
use crate::{
    components::{
        CheckList, Column, Crumb, ErrorNotice, FormError, PageHead, PostForm, Table, TextArea,
        load_or,
    },
    outcome::entered,
    pages::{only, search},
    server_fns::buckets::{FixBucket, plan_bucket_fix},
};

/// Changes a bucket's settings: first the plan, then the confirmation.
#[component]
pub(crate) fn BucketFixPage() -> impl IntoView {
    only(
        Privilege::ManageBuckets,
        "An operator or an admin can change the settings of buckets.",
        || view! { <Allowed/> }.into_any(),
    )
}

#[component]
fn Allowed() -> impl IntoView {
    let search = search();
    let plan = Resource::new_blocking(move || search.get(), plan_bucket_fix);
    view! {
        <PageHead title="Change settings" crumbs=vec![Crumb::new("Buckets", "/buckets")]/>
        {load_or(
            plan,
            move |plan| show(plan, search.get_untracked()).into_any(),
            |error| view! { <ErrorNotice error/> }.into_any(),
        )}
    }
}

fn show(plan: SettingsPlan, query: String) -> impl IntoView {
    let place = plan.request.place.clone();
    let back = bucket_href(&place);
    let bucket_page = back.clone();
    let rows = plan
        .changes
        .into_iter()
        .map(|change| {
            view! {
                <tr>
                    <th scope="row">{change.fix.label()}</th>
                    <td class="cell-wide">{change.before}</td>
                    <td class="cell-wide">{change.after}</td>
                </tr>
            }
        })
        .collect_view();
    let checks = plan.checks;
    view! {
        <p class="review">
            "Settings of " <a href=bucket_page>{place.bucket}</a> {format!(" of {} in {}", place.account, place.region)}
        </p>
        <Table
            label="What would change"
            columns=vec![Column::text("Change"), Column::text("Now"), Column::text("Then")]
        >
            {rows}
        </Table>
        <CheckList checks/>
        <section aria-labelledby="confirm-title">
            <h2 id="confirm-title">"Confirm"</h2>
            <FormError action=FixBucket::PATH/>
            <PostForm action=FixBucket::PATH class="form">
                <input type="hidden" name="query" value=query/>
                <input type="hidden" name="digest" value=plan.digest/>
                <TextArea label="Reason" name="reason" value=entered(FixBucket::PATH, "reason")
                    hint="For the audit log."/>
                <div class="form-actions">
                    <button class="button button-primary">"Change the settings"</button>
                    <a class="button" href=back>"Cancel"</a>
                </div>
                <p class="field-hint">"It is refused when the settings have changed since this page was made."</p>
            </PostForm>
        </section>
    }
}
