from portal.features.subscribers.models.devices import Registration as Registration
from portal.features.subscribers.models.lines import (
    Device as Device,
    Kind as Kind,
    Lock as Lock,
    LockSource as LockSource,
    OutgoingNumber as OutgoingNumber,
    Status as Status,
    Subscriber as Subscriber,
    TrustedSource as TrustedSource,
)
from portal.features.subscribers.models.profiles import Profile as Profile
