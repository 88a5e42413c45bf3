# SPDX-License-Identifier: Apache-2.0
"""What batch commands take."""
