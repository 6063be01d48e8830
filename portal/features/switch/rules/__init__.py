from portal.features.switch.rules.config import BadSetting, Config, render

__all__ = ["BadSetting", "Config", "render"]
