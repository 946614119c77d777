use tidemark_domain::{
    Arn, Invalid, Page, Privilege, Protection, ResourceDetail, ResourceFilter, ResourceRow,
    timeline::TimelineRow,
};

use super::{Window, captured::add_captured, future::add_future};
use crate::{Caller, ServiceError, Services, authorize, authorize::owner_of, resources};

/// Lanes per page: more do not fit any screen.
const MOST: u16 = 50;

/// Lanes per page when nothing is asked for.
const USUAL: u16 = 20;

/// What a timeline shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// One resource.
    One(Arn),
    /// A page of resources, filtered and sorted.
    Page(ResourceFilter),
}

/// Resources over time, a page of lanes; owners see their own.
pub async fn list(
    services: &Services,
    caller: &Caller,
    shown: Shown,
    window: &Window,
) -> Result<Page<TimelineRow>, ServiceError> {
    const READ: Privilege = Privilege::ReadCatalogue;
    window.check()?;
    let page = match shown {
        Shown::One(arn) => {
            let detail = resources::find(services, caller, &arn, READ, "timeline.one").await?;
            Page {
                items: vec![row(detail)],
                ..Page::default()
            }
        }
        Shown::Page(mut filter) => {
            let grant = authorize(services, caller, READ, "timeline.list", "").await?;
            if filter.limit.is_some_and(|n| !(1..=MOST).contains(&n)) {
                let rule = format!("must lie between 1 and {MOST}");
                return Err(Invalid::new("limit", rule).into());
            }
            filter.limit.get_or_insert(USUAL);
            resources::check_text(&filter)?;
            if let Some(owner) = grant.owner() {
                filter.owner = Some(owner.to_owned());
            }
            services.catalogue.resources(&filter).await?
        }
    };
    let arns = page.items.iter().map(|row| row.arn.clone()).collect();
    let lanes = services
        .catalogue
        .lanes(&window.query(services, arns))
        .await?;
    let rows = page.items.into_iter().zip(lanes);
    let mut items: Vec<TimelineRow> = rows
        .map(|(resource, lane)| TimelineRow { resource, lane })
        .collect();
    add_captured(services, items.iter_mut().map(|row| &mut row.lane)).await?;
    add_future(services, &mut items).await?;
    Ok(Page {
        items,
        next: page.next,
        total: page.total,
    })
}

fn row(detail: ResourceDetail) -> ResourceRow {
    let resource = detail.resource;
    ResourceRow {
        owner: owner_of(&resource).map(ToOwned::to_owned),
        arn: resource.arn,
        resource_type: resource.resource_type,
        account: resource.account,
        alias: detail.alias,
        region: resource.region,
        name: resource.name,
        size_bytes: resource.size_bytes,
        points: detail.points,
        newest_point: detail.newest_point,
        pitr: resource.pitr,
        failing: detail.protection == Protection::Failing,
        deleted: resource.deleted,
    }
}
