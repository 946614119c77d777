//! The parts of the console whose code a browser loads when the first of their pages is opened.
//!
//! Each page is a function that the build splits off the WebAssembly, together with what only its area needs. The
//! server says in each page's head which page it is, so that the browser can load its area before it hydrates the page,
//! and where the area's files are, so that they are on their way while the rest still starts.
//!
//! What several areas share is in a file for each such set of areas, so few areas make few files. The first page that
//! people see, which most only pass through, is apart.

use std::{future::Future, pin::Pin};

use leptos::{prelude::*, wasm_split::SplitLoaderError};
use leptos_router::ChooseView;
#[cfg(not(feature = "ssr"))]
use leptos_router::hooks::use_location;

type Loaded<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// A page of the console, for a route.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    name: &'static str,
    #[cfg(feature = "ssr")]
    area: &'static str,
    load: fn() -> Loaded<()>,
    show: fn() -> Loaded<AnyView>,
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        tell(self);
        match (self.show)().await {
            Ok(view) => view,
            Err(_) => not_loaded(),
        }
    }

    async fn preload(&self) {
        let under_way = use_context::<Loading>().map(Loading::begin);
        // What fails here fails again where the page is made.
        drop((self.load)().await);
        drop(under_way);
    }
}

/// How many pages wait for their code.
#[derive(Clone, Copy)]
pub(crate) struct Loading(RwSignal<u32>);

impl Loading {
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::new(0)));
    }

    /// What the pages around wait for; nothing where none was provided.
    pub(crate) fn here() -> Self {
        use_context().unwrap_or_else(|| Self(RwSignal::new(0)))
    }

    pub(crate) fn is_under_way(self) -> bool {
        self.0.get() > 0
    }

    pub(crate) fn is_done(self) -> bool {
        self.0.get_untracked() == 0
    }

    fn begin(self) -> UnderWay {
        self.0.update(|pages| *pages += 1);
        UnderWay(self)
    }
}

/// Counts until it is dropped, as where another page is asked for meanwhile.
struct UnderWay(Loading);

impl Drop for UnderWay {
    fn drop(&mut self) {
        let Loading(pages) = self.0;
        // The console itself may be gone.
        let _ = pages.try_update(|pages| *pages -= 1);
    }
}

macro_rules! areas {
    ($($area:ident { $($page:ident $load:ident $name:ident = $component:path;)+ })+) => {
        $($(
            #[leptos::wasm_split::wasm_split(
                $area,
                wasm_split_path = ::leptos::wasm_split,
                preload($load),
                fallible
            )]
            fn $name() -> Result<AnyView, SplitLoaderError> {
                Ok($component().into_any())
            }

            pub(crate) const $page: Page = Page {
                name: stringify!($name),
                #[cfg(feature = "ssr")]
                area: stringify!($area),
                load: || Box::pin($load()),
                show: || Box::pin($name()),
            };
        )+)+

        /// Every page, to find one by its name.
        #[cfg(not(feature = "ssr"))]
        const PAGES: &[Page] = &[$($($page),+),+];
    };
}

areas! {
    home {
        OVERVIEW load_overview overview = crate::pages::overview::OverviewPage;
        SIGN_IN load_sign_in sign_in = crate::pages::sign_in::SignInPage;
        PASSWORD load_password password = crate::pages::sign_in::PasswordPage;
    }
    estate {
        ACCOUNTS load_accounts accounts = crate::pages::accounts::AccountsPage;
        NEW_ACCOUNT load_new_account new_account = crate::pages::accounts::NewAccountPage;
        ACCOUNT load_account account = crate::pages::accounts::AccountPage;
        PERMISSIONS load_permissions permissions = crate::pages::accounts::PermissionsPage;
        ENROL load_enrol enrol = crate::pages::accounts::EnrolPage;
        RESOURCES load_resources resources = crate::pages::resources::ResourcesPage;
        RESOURCE load_resource resource = crate::pages::resources::ResourcePage;
        TIMELINE load_timeline timeline = crate::pages::timeline::TimelinePage;
        VAULTS load_vaults vaults = crate::pages::vaults::VaultsPage;
        VAULT load_vault vault = crate::pages::vaults::VaultPage;
        VAULT_CHANGE load_vault_change vault_change = crate::pages::vaults::VaultChangePage;
        HOLDS load_holds holds = crate::pages::holds::HoldsPage;
        HOLD_CHANGE load_hold_change hold_change = crate::pages::holds::HoldChangePage;
        BUCKETS load_buckets buckets = crate::pages::buckets::BucketsPage;
        BUCKET load_bucket bucket = crate::pages::buckets::BucketPage;
        BUCKET_FIX load_bucket_fix bucket_fix = crate::pages::buckets::BucketFixPage;
        BUCKET_BROWSE load_bucket_browse bucket_browse = crate::pages::buckets::BucketBrowsePage;
        BUCKET_BLOCKS load_bucket_blocks bucket_blocks = crate::pages::buckets::BucketBlocksPage;
        BUCKET_COPY load_bucket_copy bucket_copy = crate::pages::buckets::BucketCopyPage;
        POINTS load_points points = crate::pages::points::PointsPage;
        POINT load_point point = crate::pages::points::PointPage;
        CHANGE load_change change = crate::pages::points::ChangePage;
        COPY_POINTS load_copy_points copy_points = crate::pages::points::CopyPage;
        JOBS load_jobs jobs = crate::pages::jobs::JobsPage;
        RUNS load_runs runs = crate::pages::runs::RunsPage;
        RUN load_run run = crate::pages::runs::RunPage;
        COVERAGE load_coverage coverage = crate::pages::coverage::CoveragePage;
        CONTROLS load_controls controls = crate::pages::coverage::ControlsPage;
        BUCKET_ACCESS load_bucket_access bucket_access = crate::pages::buckets_access::AccessPage;
        COST load_cost cost = crate::pages::cost::CostPage;
        AUDIT load_audit audit = crate::pages::audit::AuditPage;
        USERS load_users users = crate::pages::users::UsersPage;
        USER load_user user = crate::pages::users::UserPage;
    }
    plans {
        PLANS load_plans plans = crate::pages::plans::PlansPage;
        PLAN load_plan plan = crate::pages::plans::PlanPage;
        PLAN_EDIT load_plan_edit plan_edit = crate::pages::plans::PlanEditPage;
        PLAN_IMPORT load_plan_import plan_import = crate::pages::plans::PlanImportPage;
        PLAN_EXPORT load_plan_export plan_export = crate::pages::plans::PlanExportPage;
        PLAN_FUTURE load_plan_future plan_future = crate::pages::plans::PlanFuturePage;
        PLAN_DELETE load_plan_delete plan_delete = crate::pages::plans::PlanDeletePage;
        PLAN_RUN load_plan_run plan_run = crate::pages::plans::PlanRunPage;
        SETS load_sets sets = crate::pages::sets::SetsPage;
        SET load_set set = crate::pages::sets::SetPage;
        SET_EDIT load_set_edit set_edit = crate::pages::sets::SetEditPage;
        SET_RESTORE load_set_restore set_restore = crate::pages::sets::SetRestorePage;
        PLAN_ROLLOUT load_plan_rollout plan_rollout = crate::pages::plans::PlanRolloutPage;
    }
    restore {
        BACKUP load_backup backup = crate::pages::backup::BackupPage;
        RESTORE load_restore restore = crate::pages::restore::RestorePage;
    }
    records {
        CAPTURES load_captures captures = crate::pages::records::CapturesPage;
        CAPTURE load_capture capture = crate::pages::records::CapturePage;
        SETUP load_setup setup = crate::pages::records::SetupPage;
        RECORD load_record record = crate::pages::records::RecordPage;
        COMPARE load_compare compare = crate::pages::records::ComparePage;
        UNDO load_undo undo = crate::pages::records::UndoPage;
    }
    styleguide {
        STYLEGUIDE load_styleguide styleguide = crate::pages::styleguide::StyleguidePage;
    }
}

/// The name of the element of a page's head that says which page it is.
const META: &str = "tidemark-page";

/// Loads the code of the page that the browser shows, and answers whether it is there. Where it is not, the page stays
/// as the server made it, which works without scripts.
#[cfg(not(feature = "ssr"))]
pub async fn load_shown() -> bool {
    let meta = document().query_selector(&format!("meta[name={META}]"));
    let name = meta
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"));
    // The page of what is not there is in no area.
    let Some(name) = name else {
        return true;
    };
    match PAGES.iter().find(|page| page.name == name) {
        Some(page) => (page.load)().await.is_ok(),
        None => false,
    }
}

/// Has the code of a page loaded that will probably be asked for.
#[cfg(not(feature = "ssr"))]
pub(crate) fn fetch(page: Page) {
    crate::alive::apart(async move {
        // Where it fails it is tried again when the page is asked for.
        drop((page.load)().await);
    });
}

/// Nothing points at a page that is being made.
#[cfg(feature = "ssr")]
pub(crate) fn fetch(_: Page) {}

#[cfg(not(feature = "ssr"))]
fn tell(_: Page) {}

#[cfg(feature = "ssr")]
fn tell(page: Page) {
    crate::ssr::tell((META, page.name), page.area);
}

/// Asks the server for the page instead: the network may have been away, or a new version was deployed meanwhile.
#[cfg(not(feature = "ssr"))]
fn not_loaded() -> AnyView {
    let shown = use_location();
    let (path, query) = (shown.pathname.get_untracked(), shown.search.get_untracked());
    let separator = if query.is_empty() { "" } else { "?" };
    drop(
        window()
            .location()
            .assign(&format!("{path}{separator}{query}")),
    );
    ().into_any()
}

/// The server has all code at hand.
#[cfg(feature = "ssr")]
fn not_loaded() -> AnyView {
    ().into_any()
}
