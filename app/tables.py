"""Every table of the house on one MetaData: what the migrations must end in, and be compared with."""

import app.auth.models  # noqa: F401
import kernel.audit
import kernel.outbox  # noqa: F401
import members.models  # noqa: F401
import monitoring.models  # noqa: F401
import suppliers.models  # noqa: F401
import traceability.models  # noqa: F401
from kernel.orm import Base

metadata = Base.metadata
