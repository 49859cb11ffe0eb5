# SPDX-FileCopyrightText: 2026 The Pijplijn authors
# SPDX-License-Identifier: EUPL-1.2

"""What the EU portal calls the programmes behind its numbers (its facet lists of May and August 2026)."""

PROGRAMMES = {
    "111111": "EU External Action - Prospect (RELEX-PROSPECT)",
    "31045243": "Horizon 2020 Framework Programme (H2020 - 2014-2020)",
    "31059643": "Competitiveness of Enterprises and SMEs (COSME - 2014-2020)",
    "42810547": "Europe Direct (ED - 2014-2020)",
    "43089234": "Innovation Fund (INNOVFUND)",
    "43108390": "Horizon Europe (HORIZON)",
    "43152860": "Digital Europe Programme (DIGITAL)",
    "43251567": "Connecting Europe Facility (CEF)",
    "43251589": "Citizens, Equality, Rights and Values Programme (CERV)",
    "43251814": "Creative Europe Programme (CREA)",
    "43252368": "Internal Security Fund (ISF)",
    "43252386": "Justice Programme (JUST)",
    "43252405": "Programme for the Environment and Climate Action (LIFE)",
    "43252433": "Programme for the Protection of the Euro against Counterfeiting (PERICLES IV)",
    "43252449": "Research Fund for Coal & Steel (RFCS)",
    "43252476": "Single Market Programme (SMP)",
    "43252517": "Social Prerogative and Specific Competencies Lines (SOCPL)",
    "43253967": "Renewable Energy Financing Mechanism (RENEWFM)",
    "43254019": "European Social Fund (ESF)",
    "43254037": "European Solidarity Corps (ESC)",
    "43298203": "Union Civil Protection Mechanism (UCPM)",
    "43298916": "Euratom Research and Training Programme (EURATOM)",
    "43353764": "Erasmus+ (ERASMUS+)",
    "43392145": "European Maritime, Fisheries and Aquaculture Fund (EMFAF)",
    "43637601": "Pilot Projects & Preparatory Actions (PPPA)",
    "43697167": "European Parliament (EP)",
    "44181033": "European Defence Fund (EDF)",
    "44416173": "Interregional Innovation Investments Instrument (I3)",
    "44773066": "Just Transition Mechanism (JTM)",
    "45532249": "EU Bodies and Agencies (EUBA)",
    "45876777": "Neighbourhood, Development and International Cooperation - Global Europe (NDICI)",
    "46324255": "Technical assistance for ERDF, CF and JTF (ERDF-TA)",
}
