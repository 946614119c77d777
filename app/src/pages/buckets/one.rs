use leptos::prelude::*;
use tidemark_domain::{
    Check, Privilege,
    buckets::{BucketPlace, BucketReport, Requirement},
};

use super::{blocks_href, browse_href, copy_href};
use crate::{
    components::{AccountLabel, CheckList, Copyable, Crumb, PageHead, load_page},
    pages::search,
    server_fns::buckets::{PlaceQuery, show_bucket},
    use_session,
};

/// One bucket: how it stands with what backups need, each point checked this moment.
#[component]
pub(crate) fn BucketPage() -> impl IntoView {
    let search = search();
    let report = Resource::new_blocking(move || search.get(), show_bucket);
    load_page(report, |report| show(report).into_any())
}

fn show(report: BucketReport) -> impl IntoView {
    let place = report.place.clone();
    let id = place.account.to_string();
    let account_page = format!("/accounts/{id}");
    view! {
        <PageHead title=place.bucket.clone() crumbs=vec![Crumb::new("Buckets", "/buckets")]/>
        <dl class="facts">
            <dt>"ARN"</dt><dd><Copyable text=place.arn() label="ARN"/></dd>
            <dt>"Account"</dt>
            <dd><a href=account_page><AccountLabel alias=report.alias.clone() id=id/></a></dd>
            <dt>"Region"</dt><dd>{place.region.to_string()}</dd>
        </dl>
        <p class="form-actions">
            <a class="button" href=browse_href(&place, "")>"Objects"</a>
            <a class="button" href=blocks_href(&place, "")>"As block storage backups"</a>
            <a class="button" href=copy_href(&place, "")>"Copy a prefix"</a>
            <a class="button" href=PlaceQuery::of(&place).query().on("/buckets/access")>"Access"</a>
        </p>
        {requirements(&place, report.requirements)}
    }
}

fn requirements(place: &BucketPlace, requirements: Vec<Requirement>) -> impl IntoView + use<> {
    let fixes: Vec<_> = requirements
        .iter()
        .filter_map(|requirement| requirement.fix.clone())
        .collect();
    let checks = requirements
        .into_iter()
        .map(|requirement| Check {
            name: requirement.name,
            verdict: requirement.verdict,
            detail: requirement.found,
            fix: requirement.why,
        })
        .collect::<Vec<_>>();
    let may = use_session()
        .me
        .is_some_and(|me| me.may(Privilege::ManageBuckets));
    let buttons = fixes
        .into_iter()
        .map(|fix| {
            let mut query = PlaceQuery::of(place);
            query.fixes.push(fix.to_string());
            let href = query.query().on("/buckets/fix");
            view! { <a class="button" href=href>{fix.label()}</a> }
        })
        .collect::<Vec<_>>();
    let actions = (may && !buttons.is_empty()).then(|| {
        view! {
            <h3>"What can be fixed without danger"</h3>
            <p class="form-actions">{buttons.into_iter().collect_view()}</p>
            <p class="field-hint">"Each shows first what would change."</p>
        }
    });
    view! {
        <section aria-labelledby="requirements-title">
            <h2 id="requirements-title">"What backups need"</h2>
            <CheckList checks/>
            {actions}
        </section>
    }
}
